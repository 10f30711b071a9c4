/** Paints what happened as dashed lines with a word at their top, each at its place on the time axis. */

import type uPlot from "uplot";
import type { PlotColours } from "./plot-options";
import type { Mark } from "./types";

export function paintMarks(plot: uPlot, marks: readonly Mark[], colours: PlotColours): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colours.text;
  ctx.fillStyle = colours.text;
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.font = colours.font.replace(/^\d+px/, `${11 * ratio}px`);
  ctx.textBaseline = "top";
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark.at, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // Near the right edge the word stands before its line.
    const isNearEnd = x > bbox.left + bbox.width - 60 * ratio;
    ctx.textAlign = isNearEnd ? "right" : "left";
    ctx.fillText(mark.label, x + (isNearEnd ? -4 : 4) * ratio, bbox.top + 2 * ratio);
  }
  ctx.restore();
}
