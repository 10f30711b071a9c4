import { expect, it } from "vitest";
import { sparklinePath } from "./sparkline";

it("draws from zero up to the top", () => {
  expect(sparklinePath([0, 50, 100], 100)).toBe("M0.0 19.0L50.0 10.0L100.0 1.0");
});

it("leaves a gap a gap", () => {
  expect(sparklinePath([10, 10, null, 10, 10], 10).match(/M/g)).toHaveLength(2);
});

it("shows a value that stands alone", () => {
  expect(sparklinePath([null, 5, null], 10)).toBe("M50.0 10.0h.01");
});

it("lies flat where nothing happened", () => {
  expect(sparklinePath([0, 0], 0)).toBe("M0.0 19.0L100.0 19.0");
});
