import { expect, it } from "vitest";
import { indexWithin, nearestIndex } from "./nearest";

it.each([
  [-5, 0],
  [0, 0],
  [14, 0],
  [16, 1],
  [30, 1],
  [100, 2],
])("nearest to %d is %d", (time, index) => {
  expect(nearestIndex([0, 30, 60], time)).toBe(index);
});

it("finds nothing where there is nothing", () => {
  expect(nearestIndex([], 5)).toBe(-1);
  expect(indexWithin([0, 30, 600], 300, 45)).toBe(-1);
  expect(indexWithin([0, 30, 600], 50, 45)).toBe(1);
});
