import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { Column, Sort } from "./column";
import classes from "./data-table.module.css";

interface HeadCellProps<Row> {
  column: Column<Row>;
  sort?: Sort | undefined;
  onSort?: ((sort: Sort) => void) | undefined;
}

/** A column's head; a click sorts by it, the next one turns the order around. */
export function HeadCell<Row>({ column, sort, onSort }: HeadCellProps<Row>) {
  const sorted = sort?.column === column.id;
  const direction = sorted ? (sort.descending ? "descending" : "ascending") : undefined;
  return (
    <div role="columnheader" className={classes.cell} data-align={column.align} aria-sort={direction}>
      {column.sortable && onSort ? (
        <button
          type="button"
          className={classes.sorter}
          onClick={() =>
            onSort({ column: column.id, descending: sorted ? !sort.descending : (column.descendingFirst ?? false) })
          }
        >
          {column.title}
          {direction === "ascending" ? <IconArrowUp size={12} aria-hidden="true" /> : null}
          {direction === "descending" ? <IconArrowDown size={12} aria-hidden="true" /> : null}
        </button>
      ) : (
        column.title
      )}
    </div>
  );
}
