/** Which columns there is room for. */

import type { Column } from "./column";

const GAP = 12;

/** Pixels that these columns need at least, with the gaps between and beside them. */
export function neededWidth(columns: readonly { width: number }[]): number {
  return columns.reduce((sum, column) => sum + column.width, 0) + GAP * (columns.length + 1);
}

/** The columns without those that give way, as many of these as must; what then still does not fit is scrolled to. */
export function fitColumns<Row>(columns: readonly Column<Row>[], width: number): readonly Column<Row>[] {
  let fitting = columns;
  while (neededWidth(fitting) > width) {
    const most = Math.max(...fitting.map((column) => column.givesWay ?? 0));
    if (most <= 0) break;
    fitting = fitting.filter((column) => column.givesWay !== most);
  }
  return fitting;
}
