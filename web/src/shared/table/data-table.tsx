/**
 * The one table: sticky head, rows of 36 px of which only those in view exist, sorting by a click on a head. It asks for
 * rows by their place and draws bones where one has not come yet, so that ten thousand rows can be fetched as they are
 * scrolled to. `sortRows` and `searchRows` serve tables whose rows are all here.
 */

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { ROW_HEIGHT, useDensity } from "@/shared/theme/density";
import type { Column, Sort } from "./column";
import classes from "./data-table.module.css";
import { fitColumns, neededWidth } from "./fit-columns";
import { HeadCell } from "./head-cell";
import { TableRow } from "./table-row";
import { useWidth } from "./use-width";

/** Below this many pixels columns no longer tell anything. */
const NARROW = 640;

export interface DataTableProps<Row> {
  /** What the table lists, for those who hear it. */
  label: string;
  /** Names what is listed and in which order; when that changes, the table starts at its top again. */
  listed?: string;
  columns: readonly Column<Row>[];
  count: number;
  /** undefined: not fetched yet. A row that has not changed should be the same object: then it is not drawn again. */
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
  /** What stands over all columns in a row that is the heading of those after it; null for any other row. */
  heading?: (row: Row) => ReactNode;
  /** How a row looks where there is no room for columns, and how high it is then. */
  narrow?: { height: number; row: (row: Row) => ReactNode };
  /** Fills the height of its place instead of growing with its rows up to a screen. */
  fill?: boolean;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { count, rowAt, onRange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // Rows reach the table's callbacks through this, so that new callbacks alone draw no row again.
  const table = useRef(props);
  useLayoutEffect(() => {
    table.current = props;
  });
  const room = useWidth(scroller);
  const isNarrow = room !== undefined && room < NARROW && props.narrow !== undefined;
  const columns = useMemo(
    () => (room === undefined ? props.columns : fitColumns(props.columns, room)),
    [props.columns, room],
  );
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
  useEffect(() => {
    rows.measure();
  }, [height]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is what sends the table to its top.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [props.listed]);
  useEffect(() => {
    onRange?.(first, last);
  }, [onRange, first, last]);

  const template = isNarrow
    ? undefined
    : columns.map(({ width, grow }) => `minmax(${width}px, ${grow ?? 1}fr)`).join(" ");
  const width = isNarrow ? 0 : neededWidth(columns);

  // It goes into a selector of the router's, where quotes and marks of a node's name have no place.
  const scrollName = `table ${props.label.replace(/[^\p{L}\p{N} ]/gu, "_")}`;

  return (
    <div
      className={classes.scroller}
      ref={scroller}
      data-fill={props.fill || undefined}
      // The router knows by it which table was scrolled to where; without it one table would stand for the next.
      data-scroll-restoration-id={scrollName}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
      tabIndex={0}
    >
      <div role="table" aria-label={props.label} aria-rowcount={count + 1} className={classes.table}>
        <div role="rowgroup" className={classes.head} data-narrow={isNarrow || undefined} style={{ minWidth: width }}>
          <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize(), minWidth: width }}>
          {items.map((item) => {
            const row = rowAt(item.index);
            return (
              <TableRow
                key={row === undefined ? `place-${item.index}` : props.rowKey(row)}
                index={item.index}
                row={row}
                start={item.start}
                height={height}
                template={template}
                columns={columns}
                stale={row !== undefined && (props.isStale?.(row) ?? false)}
                table={table}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
