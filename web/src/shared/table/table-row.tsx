import { type MouseEvent, memo, type RefObject } from "react";
import { Bone } from "@/shared/states/bone";
import type { Column } from "./column";
import type { DataTableProps } from "./data-table";
import classes from "./data-table.module.css";

interface TableRowProps<Row> {
  index: number;
  row: Row | undefined;
  /** Pixels from the top of the first row. */
  start: number;
  height: number;
  /** The grid's columns; undefined where there is no room for any. */
  template: string | undefined;
  columns: readonly Column<Row>[];
  stale: boolean;
  table: RefObject<DataTableProps<Row>>;
}

/** One row, drawn again only when it, its place or the columns changed: scrolling moves rows without drawing them. */
export const TableRow = memo(DrawnRow) as typeof DrawnRow;

function DrawnRow<Row>({ index, row, start, height, template, columns, stale, table }: TableRowProps<Row>) {
  const { narrow, onOpen, heading } = table.current;
  const headed = row === undefined ? null : (heading?.(row) ?? null);
  const open = (event: MouseEvent) => {
    if (row === undefined || headed !== null || window.getSelection()?.toString()) return;
    if (event.target instanceof Element && event.target.closest("a, button, input")) return;
    table.current.onOpen?.(row);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the name in each row is a link; the click beside it is for the mouse.
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${classes.row} ${classes.placed}`}
      style={{ height, gridTemplateColumns: template, transform: `translateY(${start}px)` }}
      onClick={open}
      data-opens={(row !== undefined && headed === null && onOpen !== undefined) || undefined}
      data-heading={headed !== null || undefined}
      data-stale={stale || undefined}
    >
      {headed !== null ? (
        <div role="cell" aria-colspan={columns.length} className={classes.whole}>
          {headed}
        </div>
      ) : template === undefined && narrow ? (
        <div role="cell" className={classes.whole}>
          {row === undefined ? <Bone width="60%" /> : narrow.row(row)}
        </div>
      ) : (
        columns.map((column) => (
          <div key={column.id} role="cell" className={classes.cell} data-align={column.align}>
            {row === undefined ? <Bone width={boneWidth(index, column.width)} /> : column.cell(row)}
          </div>
        ))
      )}
    </div>
  );
}

/** Bones of one length look like a barrier; these differ by row, and stay the same from one drawing to the next. */
function boneWidth(index: number, width: number): number {
  return Math.round(width * (0.45 + 0.1 * ((index * 7) % 4)));
}
