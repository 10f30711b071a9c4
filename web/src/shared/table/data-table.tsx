/**
 * The one table: sticky head, rows of 36 px of which only those in view exist, sorting by a click on a head. It asks for
 * rows by their place and draws bones where one has not come yet, so that ten thousand rows can be fetched as they are
 * scrolled to. `sortRows` and `searchRows` serve tables whose rows are all here.
 */

import { useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { Bone } from "@/shared/states/bone";
import { ROW_HEIGHT, useDensity } from "@/shared/theme/density";
import type { Column, Sort } from "./column";
import classes from "./data-table.module.css";
import { HeadCell } from "./head-cell";
import { useNarrow } from "./use-narrow";

interface DataTableProps<Row> {
  /** What the table lists, for those who hear it. */
  label: string;
  columns: readonly Column<Row>[];
  count: number;
  /** undefined: not fetched yet. */
  rowAt: (index: number) => Row | undefined;
  rowKey: (row: Row) => string;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  /** A click on a row, anywhere but on a link or a button in it. */
  onOpen?: (row: Row) => void;
  /** The rows in view, whenever they change. */
  onRange?: (first: number, last: number) => void;
  /** Greys the row: its values are old. */
  isStale?: (row: Row) => boolean;
  /** How a row looks where there is no room for columns, and how high it is then. */
  narrow?: { height: number; row: (row: Row) => ReactNode };
  /** Fills the height of its place instead of growing with its rows up to a screen. */
  fill?: boolean;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, count, rowAt, onRange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow(scroller) && props.narrow !== undefined;
  const [density] = useDensity();
  const height = isNarrow && props.narrow ? props.narrow.height : ROW_HEIGHT[density];
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    initialRect: { width: 1200, height: 720 },
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row height makes every measured place wrong.
  useEffect(() => rows.measure(), [height]);
  useEffect(() => onRange?.(first, last), [onRange, first, last]);

  const template = columns.map((column) => `minmax(${column.width}px, ${column.grow ?? 1}fr)`).join(" ");
  const width = columns.reduce((sum, column) => sum + column.width, 0) + 12 * (columns.length + 1);
  const grid = isNarrow ? {} : { gridTemplateColumns: template, minWidth: width };

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    <div className={classes.scroller} ref={scroller} data-fill={props.fill || undefined} tabIndex={0}>
      <div role="table" aria-label={props.label} aria-rowcount={count + 1} className={classes.table}>
        <div
          role="rowgroup"
          className={classes.head}
          data-narrow={isNarrow || undefined}
          style={{ minWidth: isNarrow ? 0 : width }}
        >
          <div role="row" aria-rowindex={1} className={classes.row} style={grid}>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          className={classes.body}
          style={{ height: rows.getTotalSize(), minWidth: isNarrow ? 0 : width }}
        >
          {items.map((item) => {
            const row = rowAt(item.index);
            const place = { ...grid, height, transform: `translateY(${item.start}px)` };
            return (
              <TableRow
                key={row === undefined ? `place-${item.index}` : props.rowKey(row)}
                index={item.index}
                row={row}
                place={place}
                narrow={isNarrow}
                table={props}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface TableRowProps<Row> {
  index: number;
  row: Row | undefined;
  place: object;
  narrow: boolean;
  table: DataTableProps<Row>;
}

function TableRow<Row>({ index, row, place, narrow, table }: TableRowProps<Row>) {
  const { onOpen } = table;
  const open = (event: MouseEvent) => {
    if (row === undefined || !onOpen || window.getSelection()?.toString()) return;
    if (event.target instanceof Element && event.target.closest("a, button, input")) return;
    onOpen(row);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the name in each row is a link; the click beside it is for the mouse.
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${classes.row} ${classes.placed}`}
      style={place}
      onClick={open}
      data-opens={(row !== undefined && onOpen !== undefined) || undefined}
      data-stale={(row !== undefined && table.isStale?.(row)) || undefined}
    >
      {narrow && table.narrow ? (
        <div role="cell" className={classes.whole}>
          {row === undefined ? <Bone width="60%" /> : table.narrow.row(row)}
        </div>
      ) : (
        table.columns.map((column) => (
          <div key={column.id} role="cell" className={classes.cell} data-align={column.align}>
            {row === undefined ? <Bone width={bone(index, column.width)} /> : column.cell(row)}
          </div>
        ))
      )}
    </div>
  );
}

/** Bones of one length look like a barrier; these differ by row, and stay the same from one drawing to the next. */
function bone(index: number, width: number): number {
  return Math.round(width * (0.45 + 0.1 * ((index * 7) % 4)));
}
