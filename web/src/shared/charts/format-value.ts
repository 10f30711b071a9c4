/** Values of a chart in words: three significant figures at most, always with the unit. */

import { formatBytes, formatCount, formatPercent, formatRate, threeFigures } from "@/shared/format/numbers";
import { formatDuration } from "@/shared/format/time";
import { isNumber } from "./gaps";
import type { Unit } from "./types";

export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (!isNumber(value)) return "–";
  switch (unit) {
    case "percent":
      return formatPercent(value);
    case "bytes":
      return formatBytes(value);
    case "bytes_per_second":
      return formatRate(value);
    case "per_second":
      return `${threeFigures(value)}/s`;
    case "seconds":
      return formatDuration(value);
    case "count":
      return formatCount(Math.round(value));
    case "load":
      return value.toFixed(2);
  }
}

/** As above for the value axis, where 0 needs no unit and a load no second decimal. */
export function formatTick(value: number, unit: Unit): string {
  if (value === 0) return "0";
  return unit === "load" ? threeFigures(value) : formatValue(value, unit);
}
