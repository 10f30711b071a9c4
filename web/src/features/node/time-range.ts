/** The window of time that the address asks for, and how it is asked of the server. */

import type { Span } from "@/shared/charts/types";
import { type NodeSearch, RANGES, type RangeName } from "./node-search";

/** About a point for every pixel of a chart; enough for six hours of a sample every 30 s as they are. */
const POINTS = 800;
/** A window is moved on by about a pixel at a time, not with every tick of the clock. */
const PIXELS = 600;

export interface Window {
  /** The last so many seconds, moving with the clock; undefined for a fixed part of the past. */
  readonly seconds: number | undefined;
  readonly span: Span;
}

export function stepOf(search: NodeSearch): number {
  return Math.max(1, RANGES[rangeOf(search)] / PIXELS);
}

/** `now` should be a multiple of `stepOf(search)`. */
export function windowOf(search: NodeSearch, now: number): Window {
  if (search.from !== undefined && search.to !== undefined) {
    return { seconds: undefined, span: { from: search.from, to: search.to } };
  }
  const seconds = RANGES[rangeOf(search)];
  return { seconds, span: { from: now - seconds, to: now } };
}

export function rangeOf(search: NodeSearch): RangeName {
  return search.range ?? "1h";
}

/** What to ask for: a little more than is shown, so that lines reach the edges. */
export function questionOf(window: Window): { from_at: number; to_at: number; points: number } {
  const margin = (window.span.to - window.span.from) / 60;
  // There is nothing beyond the present.
  const after = window.seconds === undefined ? margin : 0;
  return { from_at: window.span.from - margin, to_at: window.span.to + after, points: POINTS };
}

/** How often a moving window is fetched anew: live samples fill the short ones, a new bucket the long ones (ms). */
export function refetchOf(seconds: number | undefined): number | false {
  if (seconds === undefined) return false;
  return Math.max(60, seconds / POINTS) * 1000;
}
