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

/** The rows that hold every word of the query in some column. */
export function searchRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], query: string): Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const text = columns
      .map((column) => column.text(row))
      .join("\n")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
