/** A chart in sentences, for those who cannot see it: per line its last, mean and highest value, then the gaps. */

import { formatClock, formatDay } from "@/shared/format/time";
import { formatValue } from "./format-value";
import { gapsOf, isNumber } from "./gaps";
import type { Frame, Line, Span, Unit } from "./types";

const DAY_SECONDS = 86_400;

export function summarize(title: string, frame: Frame, span: Span, unit: Unit): string {
  const told = frame.lines.filter((line) => line.values.some(isNumber));
  if (told.length === 0) return `${title}: no samples ${spanWords(span)}.`;
  const gaps = gapsOf(frame, span);
  const sentences = told.map((line) => lineSentence(line, frame.times, span, unit));
  if (gaps.length === 1) sentences.push(`No samples ${spanWords(gaps[0] ?? span)}.`);
  if (gaps.length > 1) sentences.push(`${gaps.length} gaps without samples.`);
  return `${title}, ${spanWords(span)}. ${sentences.join(" ")}`;
}

/** "from 12:00:00 to 13:00:00", with the days where a clock alone would leave them open. */
export function spanWords(span: Span): string {
  const isLong = span.to - span.from > DAY_SECONDS;
  return `from ${momentWords(span.from, isLong)} to ${momentWords(span.to, isLong)}`;
}

export function momentWords(time: number, withDay: boolean): string {
  const date = new Date(time * 1000);
  return withDay ? `${formatDay(date)} ${formatClock(date)}` : formatClock(date);
}

function lineSentence(line: Line, times: readonly number[], span: Span, unit: Unit): string {
  const known = line.values.flatMap((value, index) => {
    const time = times[index];
    return isNumber(value) && time !== undefined ? [{ value, time }] : [];
  });
  const mean = known.reduce((sum, point) => sum + point.value, 0) / known.length;
  const peak = known.reduce((highest, point) => (point.value > highest.value ? point : highest));
  const isLong = span.to - span.from > DAY_SECONDS;
  const words = (value: number | undefined): string => formatValue(value, unit);
  const highest = `highest ${words(peak.value)} at ${momentWords(peak.time, isLong)}`;
  return `${line.label}: last ${words(known.at(-1)?.value)}, mean ${words(mean)}, ${highest}.`;
}
