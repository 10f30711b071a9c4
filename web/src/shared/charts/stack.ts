/** Stacking: uPlot has none, so each line is drawn at the sum of itself and those below it. */

import { isNumber } from "./gaps";
import type { Column, Line } from "./types";

export interface StackedLine {
  readonly line: Line;
  /** Where the line's area starts and ends; null in a gap of any line, since a sum without a part is no sum. */
  readonly lower: Column;
  readonly upper: Column;
}

export function stack(lines: readonly Line[]): StackedLine[] {
  const length = Math.min(...lines.map((line) => line.values.length), Number.MAX_SAFE_INTEGER);
  let below: Column = zeros(lines.length === 0 ? 0 : length, lines);
  return lines.map((line) => {
    const lower = below;
    const upper = lower.map((value, index) => {
      const own = line.values[index];
      return isNumber(value) && isNumber(own) ? value + own : null;
    });
    below = upper;
    return { line, lower, upper };
  });
}

function zeros(length: number, lines: readonly Line[]): Column {
  return Array.from({ length }, (_, index) => (lines.every((line) => isNumber(line.values[index])) ? 0 : null));
}
