import { expect, it } from "vitest";
import { questionOf, refetchOf, stepOf, windowOf } from "./time-range";

it("moves with the clock, a pixel at a time", () => {
  expect(windowOf({ range: "6h" }, 100_000)).toEqual({ seconds: 21_600, span: { from: 78_400, to: 100_000 } });
  expect(stepOf({})).toBe(6);
});

it("stands still over a part of the past", () => {
  const window = windowOf({ from: 10, to: 20 }, 100_000);
  expect(window).toEqual({ seconds: undefined, span: { from: 10, to: 20 } });
  expect(refetchOf(window.seconds)).toBe(false);
});

it("asks for a little more than it shows", () => {
  const question = questionOf(windowOf({}, 100_000));
  expect(question.from_at).toBeLessThan(100_000 - 3600);
  expect(question.to_at).toBe(100_000);
  expect(questionOf(windowOf({ from: 1000, to: 2000 }, 100_000)).to_at).toBeGreaterThan(2000);
});
