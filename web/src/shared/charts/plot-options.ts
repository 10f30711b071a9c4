/** uPlot's options for a drawing. Cursor, brush and panning are our own (gestures.ts): uPlot's are switched off. */

import type uPlot from "uplot";
import { type Drawing, lonePoints } from "./drawing";
import { formatTick } from "./format-value";
import { paintAreas } from "./paint-areas";
import { paintMarks } from "./paint-marks";
import type { Mark, Span, Unit } from "./types";
import { stepsTo } from "./value-axis";

export interface PlotState {
  drawing: Drawing;
  marks: readonly Mark[];
  span: Span;
  ceiling: number;
  unit: Unit;
}

export interface PlotColours {
  readonly text: string;
  readonly grid: string;
  readonly font: string;
}

/** All charts have the same margins, so that one moment lies at one place on the whole page. */
export const VALUE_AXIS_WIDTH = 64;
const TIME_AXIS_HEIGHT = 26;
const MARGIN_TOP = 8;
const MARGIN_RIGHT = 10;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Columns: least step (s), format, and what is added where a year, month, day or hour begins, then uPlot's own fill-ins.
const DATE = "\n{YYYY}-{MM}-{DD}";
const TIME_FORMATS: uPlot.Axis.Values = [
  [DAY, "{MM}-{DD}", "\n{YYYY}", null, null, null, null, null, 1],
  [HOUR, "{HH}:00", DATE, null, DATE, null, null, null, 1],
  [MINUTE, "{HH}:{mm}", DATE, null, DATE, null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", DATE, null, DATE, null, null, null, 1],
];

/** `state` is read at every drawing, so new data, windows and ceilings need no new plot. */
export function plotOptions(state: { current: PlotState }, colours: PlotColours, size: uPlot.Options): uPlot.Options {
  const grid = { stroke: colours.grid, width: 1 };
  const silent = () => null;
  return {
    ...size,
    padding: [MARGIN_TOP, MARGIN_RIGHT, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      bind: {
        mousedown: silent,
        mouseup: silent,
        mousemove: silent,
        mouseenter: silent,
        mouseleave: silent,
        dblclick: silent,
        click: silent,
      },
      points: { size: 7, width: 2 },
    },
    select: { show: true, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: true, auto: false, range: () => [state.current.span.from, state.current.span.to] },
      y: { auto: true, range: () => [0, state.current.ceiling] },
    },
    axes: [
      {
        stroke: colours.text,
        font: colours.font,
        grid,
        ticks: { ...grid, size: 4 },
        size: TIME_AXIS_HEIGHT + 8,
        gap: 4,
        space: 64,
        values: TIME_FORMATS,
      },
      {
        stroke: colours.text,
        font: colours.font,
        grid,
        ticks: { show: false },
        size: VALUE_AXIS_WIDTH,
        gap: 6,
        splits: () => stepsTo(state.current.ceiling, state.current.unit),
        values: (_plot, splits) => splits.map((value) => formatTick(value, state.current.unit)),
      },
    ],
    series: [
      {},
      ...state.current.drawing.strokes.map(
        (stroke): uPlot.Series => ({
          stroke: stroke.colour,
          width: 1.5,
          spanGaps: false,
          points: { show: false, size: 4, fill: stroke.colour, filter: (plot, index) => alone(plot, index) },
        }),
      ),
    ],
    hooks: {
      drawAxes: [(plot) => paintAreas(plot, state.current.drawing.areas)],
      draw: [(plot) => paintMarks(plot, state.current.marks, colours)],
    },
  };
}

export function plotData(drawing: Drawing): uPlot.AlignedData {
  return [drawing.times as number[], ...drawing.strokes.map((stroke) => stroke.values as (number | null)[])];
}

function alone(plot: uPlot, index: number): number[] | null {
  const lone = lonePoints(plot.data[index] as (number | null)[]);
  return lone.length === 0 ? null : lone;
}
