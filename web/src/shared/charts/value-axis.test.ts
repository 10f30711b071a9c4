import { describe, expect, it } from "vitest";
import { ceilingFor, stepsTo } from "./value-axis";

const GIB = 1024 ** 3;

describe("ceilingFor", () => {
  it.each([
    [0, "percent", 10],
    [11, "percent", 20],
    [21, "percent", 25],
    [55, "percent", 100],
    [100, "percent", 100],
    [0.2, "load", 1],
    [3.2, "load", 5],
    [0, "count", 5],
    [730, "count", 1000],
    [5.2 * GIB, "bytes", 6 * GIB],
    [900 * 1024, "bytes_per_second", 1024 * 1024],
    [0, "bytes_per_second", 1024],
  ] as const)("of %d %s is %d", (highest, unit, ceiling) => {
    expect(ceilingFor(highest, unit)).toBe(ceiling);
  });

  it("stays while the values move below it", () => {
    const ceilings = [31, 38, 42, 49.9].map((highest) => ceilingFor(highest, "percent"));
    expect(new Set(ceilings).size).toBe(1);
  });
});

describe("stepsTo", () => {
  it.each([
    [100, "percent", [0, 25, 50, 75, 100]],
    [10, "percent", [0, 2.5, 5, 7.5, 10]],
    [5, "load", [0, 1, 2, 3, 4, 5]],
    [5, "count", [0, 1, 2, 3, 4, 5]],
    [50, "percent", [0, 10, 20, 30, 40, 50]],
    [6 * GIB, "bytes", [0, 2 * GIB, 4 * GIB, 6 * GIB]],
    [1.5 * GIB, "bytes", [0, 0.5 * GIB, GIB, 1.5 * GIB]],
    [3 * GIB, "bytes", [0, GIB, 2 * GIB, 3 * GIB]],
    [4 * GIB, "bytes", [0, GIB, 2 * GIB, 3 * GIB, 4 * GIB]],
    [23.5 * GIB, "bytes", [0, 6 * GIB, 12 * GIB, 18 * GIB]],
  ] as const)("to %d %s", (ceiling, unit, steps) => {
    expect(stepsTo(ceiling, unit)).toEqual(steps);
  });

  it("never halves a count", () => {
    expect(stepsTo(2, "count")).toEqual([0, 1, 2]);
  });
});
