/** What is drawn on a chart, ready for the canvas: strokes with their values, and areas between two columns. */

import { isNumber, runsOf } from "./gaps";
import { type Scheme, seriesColour, withAlpha } from "./palette";
import { stack } from "./stack";
import type { Column, Frame, Line } from "./types";

export interface Stroke {
  readonly id: string;
  readonly colour: string;
  readonly values: Column;
}

export interface Area {
  readonly lower: Column;
  readonly upper: Column;
  readonly colour: string;
}

export interface Drawing {
  readonly times: readonly number[];
  readonly strokes: readonly Stroke[];
  readonly areas: readonly Area[];
}

const STACK_ALPHA = 0.32;
/** Bands of many lines lie over each other: the more there are, the fainter each is. */
const bandAlpha = (lines: number): number => (lines <= 2 ? 0.2 : lines <= 4 ? 0.12 : 0.07);
const PEAK_COLOUR = "#808088";

/** `colours` by line id: hiding a line must not recolour the others. */
export function drawingOf(frame: Frame, isStacked: boolean, colours: ReadonlyMap<string, string>): Drawing {
  const colourOf = (line: Line): string => colours.get(line.id) ?? "#888888";
  if (isStacked) {
    // The lowest layer is drawn last: where a layer above it has no height, the line has the colour of what is there.
    const layers = stack(frame.lines).reverse();
    return {
      times: frame.times,
      strokes: layers.map(({ line, upper }) => ({ id: line.id, colour: colourOf(line), values: upper })),
      areas: [
        ...layers.map(({ line, lower, upper }) => ({ lower, upper, colour: withAlpha(colourOf(line), STACK_ALPHA) })),
        ...peakOf(frame, layers[0]?.upper),
      ],
    };
  }
  return {
    times: frame.times,
    strokes: frame.lines.map((line) => ({ id: line.id, colour: colourOf(line), values: line.values })),
    areas: frame.lines.flatMap((line) =>
      line.min && line.max
        ? [{ lower: line.min, upper: line.max, colour: withAlpha(colourOf(line), bandAlpha(frame.lines.length)) }]
        : [],
    ),
  };
}

/** The band between a stack's top and what it reached at most; only over the whole stack: a part has no such peak. */
function peakOf(frame: Frame, top: Column | undefined): Area[] {
  const peak = frame.peak;
  if (peak === undefined || top === undefined) return [];
  const upper = top.map((value, index) => (isNumber(value) ? Math.max(value, peak[index] ?? value) : null));
  return [{ lower: top, upper, colour: withAlpha(PEAK_COLOUR, bandAlpha(1)) }];
}

export function coloursOf(lines: readonly Line[], scheme: Scheme): Map<string, string> {
  return new Map(lines.map((line, index) => [line.id, seriesColour(scheme, index, line.isRest)]));
}

/** The highest value that is drawn within [from, to], bands and stacks included; 0 when nothing is. */
export function highestIn(drawing: Drawing, from: number, to: number): number {
  let highest = 0;
  const columns = [...drawing.strokes.map((stroke) => stroke.values), ...drawing.areas.map((area) => area.upper)];
  drawing.times.forEach((time, index) => {
    if (time < from || time > to) return;
    for (const column of columns) highest = Math.max(highest, column[index] ?? 0);
  });
  return highest;
}

/** Points with a gap on both sides: a line alone would leave them invisible. */
export function lonePoints(values: Column): number[] {
  return runsOf(values).flatMap(([first, last]) => (first === last ? [first] : []));
}
