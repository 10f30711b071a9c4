/** What part of the past the charts of a page show, and how brush, drag and keys change it. Unix seconds. */

import type { Span } from "./types";

const LEAST_SECONDS = 60;
/** Samples are kept for a year at most; further back there is nothing to look at. */
const MOST_SECONDS = 366 * 86_400;

/** The span that both ends of a brush make, whichever came first. */
export function brushed(one: number, other: number, now: number): Span {
  return within({ from: Math.min(one, other), to: Math.max(one, other) }, now);
}

export function panned(span: Span, seconds: number, now: number): Span {
  const width = span.to - span.from;
  const to = Math.min(span.to + seconds, now);
  return { from: to - width, to };
}

/** Makes the span `factor` times as wide about its middle; at the right edge of time it grows to the left. */
export function zoomed(span: Span, factor: number, now: number): Span {
  const middle = (span.from + span.to) / 2;
  const half = ((span.to - span.from) * factor) / 2;
  return within({ from: middle - half, to: middle + half }, now);
}

function within(span: Span, now: number): Span {
  const width = Math.min(Math.max(span.to - span.from, LEAST_SECONDS), MOST_SECONDS);
  const middle = (span.from + span.to) / 2;
  const to = Math.min(middle + width / 2, now);
  return { from: to - width, to };
}

export type WindowAct =
  | { readonly kind: "pan"; readonly shares: number }
  | { readonly kind: "zoom"; readonly factor: number }
  | { readonly kind: "cursor"; readonly steps: number }
  | { readonly kind: "edge"; readonly end: "first" | "last" }
  | { readonly kind: "reset" }
  | { readonly kind: "leave" };

/** What a key does on a focused chart; undefined leaves the key to the page. */
export function actOfKey(key: string, shift: boolean): WindowAct | undefined {
  switch (key) {
    case "ArrowLeft":
      return shift ? { kind: "pan", shares: -0.25 } : { kind: "cursor", steps: -1 };
    case "ArrowRight":
      return shift ? { kind: "pan", shares: 0.25 } : { kind: "cursor", steps: 1 };
    case "PageUp":
      return { kind: "cursor", steps: -10 };
    case "PageDown":
      return { kind: "cursor", steps: 10 };
    case "Home":
      return { kind: "edge", end: "first" };
    case "End":
      return { kind: "edge", end: "last" };
    case "+":
    case "=":
      return { kind: "zoom", factor: 0.5 };
    case "-":
    case "_":
      return { kind: "zoom", factor: 2 };
    case "0":
      return { kind: "reset" };
    case "Escape":
      return { kind: "leave" };
    default:
      return undefined;
  }
}
