/** Sorting and searching for tables whose rows are all on the page. */

import type { Column, Sort } from "./column";

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** A sorted copy. What has no value comes last in either direction: nobody looks for it there. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | undefined): Row[] {
  const column = columns.find((candidate) => candidate.id === sort?.column);
  if (!column || !sort) return [...rows];
  const order = column.order ?? column.text;
  const sign = sort.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: order(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/** All of a row's text, to be searched: made when it is first asked for, and kept as long as the row is. */
export function textOfRows<Row>(columns: readonly Column<Row>[]): (row: Row) => string {
  const known = new WeakMap<object, string>();
  const make = (row: Row) =>
    columns
      .map((column) => column.text(row))
      .join("\n")
      .toLowerCase();
  return (row) => {
    if (row === null || typeof row !== "object") return make(row);
    const text = known.get(row) ?? make(row);
    known.set(row, text);
    return text;
  };
}

/** The rows that hold every word of the query in some column. */
export function searchRows<Row>(rows: readonly Row[], textOf: (row: Row) => string, query: string): readonly Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row);
    return words.every((word) => text.includes(word));
  });
}
