/** A gap is a gap: where samples are missing there is a null, and no line, band or area runs across it. */

import type { Column, Frame, Line, Span } from "./types";

/** Samples come late now and then; two buckets and a half without one is a gap. */
const GAP_BUCKETS = 2.5;

/** Puts a point without values between neighbours that lie too far apart; the server may leave such times out. */
export function withGaps(frame: Frame): Frame {
  const limit = GAP_BUCKETS * Math.max(frame.bucketSeconds, usualDistance(frame.times));
  const breaks = frame.times.flatMap((time, index) => {
    const next = frame.times[index + 1];
    return next !== undefined && next - time > limit ? [index] : [];
  });
  if (breaks.length === 0) return frame;
  const times = splice(frame.times, breaks, (index) => {
    const time = frame.times[index] ?? 0;
    return time + (frame.bucketSeconds || 1);
  });
  const wide = (column: Column): Column => splice<number | null>(column, breaks, () => null);
  const lines = frame.lines.map(
    (line): Line => ({
      ...line,
      values: wide(line.values),
      min: line.min && wide(line.min),
      max: line.max && wide(line.max),
    }),
  );
  return { ...frame, times, lines, peak: frame.peak && wide(frame.peak) };
}

/** The spans in which no line has a value, the edges of `span` included when they are more than a gap away. */
export function gapsOf(frame: Frame, span: Span): Span[] {
  const limit = GAP_BUCKETS * Math.max(frame.bucketSeconds, usualDistance(frame.times));
  const seen = frame.times.filter((_, index) => frame.lines.some((line) => isNumber(line.values[index])));
  const edges = [span.from, ...seen.filter((time) => time > span.from && time < span.to), span.to];
  return edges.flatMap((from, index) => {
    const to = edges[index + 1];
    return to !== undefined && to - from > limit ? [{ from, to }] : [];
  });
}

/** First and last index (inclusive) of every unbroken run in which all columns have a value. */
export function runsOf(...columns: readonly Column[]): [number, number][] {
  const length = Math.min(...columns.map((column) => column.length));
  const runs: [number, number][] = [];
  let start = -1;
  for (let index = 0; index <= length; index += 1) {
    const whole = index < length && columns.every((column) => isNumber(column[index]));
    if (whole && start < 0) start = index;
    if (!whole && start >= 0) {
      runs.push([start, index - 1]);
      start = -1;
    }
  }
  return runs;
}

export function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** The median distance of neighbours: what is usual at full resolution, where bucketSeconds may be less than it. */
function usualDistance(times: readonly number[]): number {
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? time));
  distances.sort((a, b) => a - b);
  return distances[Math.floor((distances.length - 1) / 2)] ?? 0;
}

function splice<T>(values: readonly T[], after: readonly number[], make: (index: number) => T): T[] {
  const places = new Set(after);
  return values.flatMap((value, index) => (places.has(index) ? [value, make(index)] : [value]));
}
