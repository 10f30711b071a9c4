/** At most six lines a chart: the greatest stay, the others become one line that says what it is. */

import { isNumber } from "./gaps";
import type { Column, Line } from "./types";

export const MOST_LINES = 6;

/** How the others become one: rates add up, shares of different things don't. */
export type Merging = "sum" | "mean" | "highest";

export function limitLines(lines: readonly Line[], merging: Merging, most = MOST_LINES): Line[] {
  if (lines.length <= most) return [...lines];
  const ranked = [...lines].sort((a, b) => weight(b) - weight(a) || a.id.localeCompare(b.id));
  const kept = new Set(ranked.slice(0, most - 1));
  const others = lines.filter((line) => !kept.has(line));
  // Those that stay keep the order they came in, so that colours don't change places when ranks do.
  return [...lines.filter((line) => kept.has(line)), restOf(others, merging)];
}

function restOf(others: readonly Line[], merging: Merging): Line {
  const merge = (pick: (line: Line) => Column | undefined): Column =>
    (others[0]?.values ?? []).map((_, index) => {
      const values = others.map((line) => pick(line)?.[index]).filter(isNumber);
      if (values.length === 0) return null;
      if (merging === "highest") return Math.max(...values);
      const sum = values.reduce((total, value) => total + value, 0);
      return merging === "sum" ? sum : sum / values.length;
    });
  const words = { sum: "together", mean: "on average", highest: "the highest" } as const;
  return {
    id: "the rest",
    label: `${others.length} others, ${words[merging]}`,
    values: merge((line) => line.values),
    isRest: true,
  };
}

function weight(line: Line): number {
  const values = line.values.filter(isNumber);
  return values.length === 0 ? -1 : values.reduce((total, value) => total + value, 0) / values.length;
}
