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

/** A step that reads well and of which the ceiling is a multiple, when there is one near the wanted number of steps. */
function stepOf(ceiling: number, unit: Unit, wanted: number): number {
  const steps = [wanted, wanted - 1, wanted + 1].map((count) => ceiling / count);
  return steps.find((step) => readsWell(step, unit)) ?? Math.max(roundUp(ceiling / (wanted + 0.01), unit), least(unit));
}

function readsWell(step: number, unit: Unit): boolean {
  if (unit === "bytes" || unit === "bytes_per_second") {
    // Whole numbers of the unit they are written in: 512 KiB reads well, 1.13 MiB does not.
    const scale = 1024 ** Math.floor(Math.log(step) / Math.log(1024));
    const number = step / scale;
    return Number.isInteger(number) && (number < 100 || Number.isInteger(Math.log2(number)));
  }
  if (step < least(unit)) return false;
  return Math.abs(roundUp(step * (1 - 1e-6), unit) - step) < step * 1e-5;
}

/** Half a process is none. */
function least(unit: Unit): number {
  return unit === "count" ? 1 : 0;
}

function roundUp(value: number, unit: Unit): number {
  const isBinary = unit === "bytes" || unit === "bytes_per_second";
  const power = isBinary ? 1024 : 10;
  const scale = power ** Math.floor(Math.log(value) / Math.log(power));
  const mantissa = (isBinary ? BINARY : DECIMAL).find((one) => one * scale >= value * (1 - 1e-9)) ?? power;
  return mantissa * scale;
}
