/** Paints the areas of a drawing (stack layers, min–max bands) under the lines; none runs across a gap. */

import type uPlot from "uplot";
import type { Area } from "./drawing";
import { runsOf } from "./gaps";

export function paintAreas(plot: uPlot, areas: readonly Area[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const area of areas) {
    ctx.fillStyle = area.colour;
    for (const run of runsOf(area.lower, area.upper)) paintRun(plot, area, run);
  }
  ctx.restore();
}

function paintRun(plot: uPlot, area: Area, [first, last]: [number, number]): void {
  const { ctx } = plot;
  const times = plot.data[0];
  if (times === undefined || first === last) return;
  const x = (index: number): number => plot.valToPos(times[index] ?? 0, "x", true);
  const y = (value: number | null | undefined): number => plot.valToPos(value ?? 0, "y", true);
  ctx.beginPath();
  for (let index = first; index <= last; index += 1) ctx.lineTo(x(index), y(area.upper[index]));
  for (let index = last; index >= first; index -= 1) ctx.lineTo(x(index), y(area.lower[index]));
  ctx.closePath();
  ctx.fill();
}
