import { describe, expect, it } from "vitest";
import { coloursOf, drawingOf, highestIn, lonePoints } from "./drawing";

const lines = [
  { id: "user", label: "user", values: [10, 20, 5], min: [1, 2, 3], max: [60, 70, 8] },
  { id: "system", label: "system", values: [1, 2, 3] },
];
const frame = { times: [0, 30, 60], bucketSeconds: 30, lines };
const colours = coloursOf(lines, "light");

describe("drawingOf", () => {
  it("stacks strokes and fills between them, the lowest drawn last", () => {
    const drawing = drawingOf(frame, true, colours);
    expect(drawing.strokes.map((stroke) => stroke.values)).toEqual([
      [11, 22, 8],
      [10, 20, 5],
    ]);
    expect(drawing.areas[0]?.lower).toEqual([10, 20, 5]);
  });

  it("shows a bucket's peaks as a band", () => {
    const drawing = drawingOf(frame, false, colours);
    expect(drawing.areas).toHaveLength(1);
    expect(drawing.areas[0]?.upper).toEqual([60, 70, 8]);
  });

  it("shows what a stack reached at most above its top", () => {
    const drawing = drawingOf({ ...frame, peak: [50, 21, 60] }, true, colours);
    expect(drawing.areas.at(-1)).toMatchObject({ lower: [11, 22, 8], upper: [50, 22, 60] });
  });

  it("keeps a line's colour when another is hidden", () => {
    const alone = drawingOf({ ...frame, lines: lines.slice(1) }, false, colours);
    expect(alone.strokes[0]?.colour).toBe(colours.get("system"));
    expect(colours.get("system")).not.toBe(colours.get("user"));
  });
});

it("finds the highest value that is in view, bands included", () => {
  const drawing = drawingOf(frame, false, colours);
  expect(highestIn(drawing, 0, 60)).toBe(70);
  expect(highestIn(drawing, 50, 60)).toBe(8);
  expect(highestIn(drawing, 90, 99)).toBe(0);
});

it("finds points with a gap on both sides", () => {
  expect(lonePoints([1, null, 2, 3, null, 4])).toEqual([0, 5]);
});
