/** The value axis: from zero to a round number, so that it stays put while live data comes. */

import type { Unit } from "./types";

/** Mantissas of round numbers; the powers they belong to are 10 or, for bytes, 1024. */
const DECIMAL = [1, 2, 2.5, 5, 10];
const BINARY = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];

/** Below this an axis would magnify noise. */
const LEAST_CEILING: Readonly<Record<Unit, number>> = {
  percent: 10,
  bytes: 1024 ** 2,
  bytes_per_second: 1024,
  per_second: 1,
  count: 4,
  load: 1,
  seconds: 1,
};

/** The round number at which an axis for values up to `highest` ends. Shares end at 100 at most. */
export function ceilingFor(highest: number, unit: Unit): number {
  const wanted = Math.max(highest, LEAST_CEILING[unit]);
  const ceiling = roundUp(wanted, unit);
  return unit === "percent" && highest <= 100 ? Math.min(100, ceiling) : ceiling;
}

/** Where the axis has its lines: round steps from zero, about `wanted` of them, never past `ceiling`. */
export function stepsTo(ceiling: number, unit: Unit, wanted = 4): number[] {
  const step = stepOf(ceiling, unit, wanted);
  const count = Math.floor(ceiling / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** A round step of which the ceiling is a multiple, when there is one near the wanted number of steps. */
function stepOf(ceiling: number, unit: Unit, wanted: number): number {
  const least = unit === "count" ? 1 : 0;
  const isRound = (step: number) => Math.abs(roundUp(step * (1 - 1e-6), unit) - step) < step * 1e-5;
  const steps = [wanted, wanted + 1, wanted - 1].map((count) => ceiling / count);
  const fitting = steps.find((step) => step >= least && isRound(step) && (least === 0 || Number.isInteger(step)));
  return fitting ?? Math.max(roundUp(ceiling / (wanted + 0.01), unit), least);
}

function roundUp(value: number, unit: Unit): number {
  const isBinary = unit === "bytes" || unit === "bytes_per_second";
  const power = isBinary ? 1024 : 10;
  const scale = power ** Math.floor(Math.log(value) / Math.log(power));
  const mantissa = (isBinary ? BINARY : DECIMAL).find((one) => one * scale >= value * (1 - 1e-9)) ?? power;
  return mantissa * scale;
}
