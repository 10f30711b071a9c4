/** The canvas of a chart: uPlot, driven by our own cursor, window and data. Loaded when the first chart is shown. */

import { useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import classes from "./chart.module.css";
import { type ChartPage, useChartPage } from "./chart-group";
import { listenToGestures } from "./gestures";
import type { Scheme } from "./palette";
import { type PlotColours, type PlotState, plotData, plotOptions } from "./plot-options";

interface PlotProps extends PlotState {
  scheme: Scheme;
  height: number;
}

export function Plot({ scheme, height, drawing, marks, span, ceiling, unit }: PlotProps) {
  const page = useChartPage();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const state = useRef<PlotState>({ drawing, marks, span, ceiling, unit });
  const pageNow = useRef<ChartPage>(page);
  const strokes = drawing.strokes.map((stroke) => `${stroke.id} ${stroke.colour}`).join("\n");

  useLayoutEffect(() => {
    pageNow.current = page;
    if (page.group.isHeld) return;
    state.current = { drawing, marks, span, ceiling, unit };
    if (plot.current) redraw(plot.current, state.current);
  });

  const catchUp = useEffectEvent(() => {
    const { group } = pageNow.current;
    if (plot.current === null) return;
    if (!group.isHeld) {
      state.current = { drawing, marks, span, ceiling, unit };
      redraw(plot.current, state.current);
    } else if (group.preview) {
      state.current = { ...state.current, span: group.preview };
      plot.current.setScale("x", { min: group.preview.from, max: group.preview.to });
    }
    placeCursor(plot.current, group.cursorAt);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new plot is needed only for other lines or another theme.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const size = { width: element.clientWidth, height, series: [] };
    const made = new uPlot(plotOptions(state, coloursOf(element), size), plotData(state.current.drawing), element);
    made.setScale("x", { min: state.current.span.from, max: state.current.span.to });
    plot.current = made;
    const stopGestures = listenToGestures(made, {
      group: page.group,
      span: () => state.current.span,
      now: () => pageNow.current.now,
      onSpan: (wanted) => pageNow.current.onSpan(wanted),
    });
    const stopGroup = page.group.subscribe(() => catchUp());
    // The canvas does not wait for a font: what was drawn without it is drawn again.
    let isAlive = true;
    void document.fonts?.load(fontOf(element)).then(() => {
      if (isAlive) made.redraw(false, true);
    });
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    sizes.observe(element);
    return () => {
      isAlive = false;
      sizes.disconnect();
      stopGroup();
      stopGestures();
      made.destroy();
      plot.current = null;
    };
  }, [strokes, scheme, height, page.group]);

  return <div ref={place} className={classes.plot} style={{ height }} aria-hidden="true" />;
}

function redraw(plot: uPlot, state: PlotState): void {
  plot.batch(() => {
    plot.setData(plotData(state.drawing), false);
    plot.setScale("x", { min: state.span.from, max: state.span.to });
  });
}

function placeCursor(plot: uPlot, at: number | null): void {
  const left = at === null ? -10 : plot.valToPos(at, "x");
  const isInside = left >= 0 && left <= plot.over.clientWidth;
  plot.setCursor({ left: isInside ? left : -10, top: isInside ? 1 : -10 }, false);
}

function coloursOf(element: HTMLElement): PlotColours {
  const style = getComputedStyle(element);
  const colour = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise;
  return {
    text: colour("--chart-text", style.color),
    grid: colour("--chart-grid", "#88888833"),
    font: fontOf(element),
  };
}

function fontOf(element: HTMLElement): string {
  return `11px ${getComputedStyle(element).fontFamily}`;
}
