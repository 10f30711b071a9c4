import type { ReactNode } from "react";

/** One column of a `DataTable`; `Row` is what the table holds. */
export interface Column<Row> {
  /** Stable name: it stands in the URL as the sort and in the saved choice of columns. */
  id: string;
  title: string;
  /** Pixels it needs at least. */
  width: number;
  /** Its share of the room that is left; 0 keeps it at its width. */
  grow?: number;
  /** Numbers stand at the end, so that their digits line up. */
  align?: "start" | "end";
  sortable?: boolean;
  /** The first click sorts from the most down: what is looked for in a column of loads. */
  descendingFirst?: boolean;
  /** Cannot be hidden: the name of the thing. */
  fixed?: boolean;
  /** Where room is short, columns with such a number go, the highest first. */
  givesWay?: number;
  /** Shown until the person chooses otherwise; true when absent. */
  initially?: boolean;
  cell: (row: Row) => ReactNode;
  /** The value as text: for CSV and for searching. */
  text: (row: Row) => string;
  /** The value to sort by where the page itself sorts; `text` when absent. null sorts last. */
  order?: (row: Row) => string | number | null;
}

export interface Sort {
  column: string;
  descending: boolean;
}
