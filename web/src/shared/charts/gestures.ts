/**
 * The pointer on a chart. Moving shows the values, dragging across brushes a span, dragging the time axis (or with Shift)
 * pans, a double click goes back. On touch screens dragging sideways shows values and up or down scrolls the page.
 */

import type uPlot from "uplot";
import type { ChartGroup } from "./chart-group";
import { nearestIndex } from "./nearest";
import { brushed, panned } from "./time-window";
import type { Span } from "./types";

/** A shorter drag is a click of an unsteady hand. */
const LEAST_DRAG_PX = 6;

export interface GestureHost {
  readonly group: ChartGroup;
  span(): Span;
  now(): number;
  onSpan(span: Span | null): void;
}

/** Answers the function that takes all listeners off again. */
export function listenToGestures(plot: uPlot, host: GestureHost): () => void {
  const over = plot.over;
  const timeAxis = plot.root.querySelector<HTMLElement>(".u-axis");
  const listeners = new AbortController();
  const options = { signal: listeners.signal };

  const offset = (event: PointerEvent): number => {
    const box = over.getBoundingClientRect();
    return Math.min(box.width, Math.max(0, event.clientX - box.left));
  };
  const showValues = (event: PointerEvent): void => {
    const times = plot.data[0] ?? [];
    const index = nearestIndex(times as number[], plot.posToVal(offset(event), "x"));
    host.group.moveCursor(times[index] ?? null);
  };

  over.style.touchAction = "pan-y";
  over.addEventListener("pointermove", showValues, options);
  over.addEventListener("pointerleave", () => host.group.moveCursor(null), options);
  over.addEventListener("dblclick", () => host.onSpan(null), options);
  over.addEventListener(
    "pointerdown",
    (event) => {
      if (event.pointerType === "touch") showValues(event);
      else if (event.button === 0) (event.shiftKey ? pan : brush)(over, event);
    },
    options,
  );
  if (timeAxis) {
    timeAxis.style.touchAction = "pan-y";
    timeAxis.addEventListener("dblclick", () => host.onSpan(null), options);
    timeAxis.addEventListener(
      "pointerdown",
      (event) => {
        if (event.button === 0) pan(timeAxis, event);
      },
      options,
    );
  }

  function brush(target: HTMLElement, down: PointerEvent): void {
    const start = offset(down);
    drag(
      target,
      down,
      (event) => select(plot, start, offset(event)),
      (event) => {
        select(plot, 0, 0);
        const end = offset(event);
        if (Math.abs(end - start) < LEAST_DRAG_PX) return;
        host.onSpan(brushed(plot.posToVal(start, "x"), plot.posToVal(end, "x"), host.now()));
      },
    );
  }

  function pan(target: HTMLElement, down: PointerEvent): void {
    const span = host.span();
    const secondsPerPixel = (span.to - span.from) / Math.max(1, over.clientWidth);
    const moved = (event: PointerEvent): Span =>
      panned(span, (down.clientX - event.clientX) * secondsPerPixel, host.now());
    drag(
      target,
      down,
      (event) => host.group.dragTo(moved(event)),
      (event) => {
        if (Math.abs(event.clientX - down.clientX) >= LEAST_DRAG_PX) host.onSpan(moved(event));
      },
    );
  }

  function drag(
    target: HTMLElement,
    down: PointerEvent,
    onMove: (event: PointerEvent) => void,
    onEnd: (event: PointerEvent) => void,
  ): void {
    const whileDragging = new AbortController();
    const signal = AbortSignal.any([whileDragging.signal, listeners.signal]);
    const end = (event: PointerEvent, isDone: boolean): void => {
      whileDragging.abort();
      select(plot, 0, 0);
      host.group.release();
      if (isDone) onEnd(event);
    };
    target.setPointerCapture(down.pointerId);
    host.group.hold();
    target.addEventListener("pointermove", onMove, { signal });
    target.addEventListener("pointerup", (event) => end(event, true), { signal });
    target.addEventListener("pointercancel", (event) => end(event, false), { signal });
  }

  return () => listeners.abort();
}

function select(plot: uPlot, one: number, other: number): void {
  const width = Math.abs(other - one);
  plot.setSelect(
    { left: Math.min(one, other), width, top: 0, height: width === 0 ? 0 : plot.over.clientHeight },
    false,
  );
}
