import { describe, expect, it } from "vitest";
import { gapsOf, runsOf, withGaps } from "./gaps";
import type { Frame } from "./types";

function frame(times: number[], values: (number | null)[], bucketSeconds = 30): Frame {
  return { times, bucketSeconds, lines: [{ id: "a", label: "a", values }] };
}

describe("withGaps", () => {
  it("leaves even times as they are", () => {
    const even = frame([0, 30, 60, 90], [1, 2, 3, 4]);
    expect(withGaps(even)).toBe(even);
  });

  it("puts a null where samples are missing", () => {
    const broken = withGaps(frame([0, 30, 60, 600, 630], [1, 2, 3, 4, 5]));
    expect(broken.times).toEqual([0, 30, 60, 90, 600, 630]);
    expect(broken.lines[0]?.values).toEqual([1, 2, 3, null, 4, 5]);
  });

  it("breaks the band as well", () => {
    const times = [0, 30, 60, 600];
    const column = [1, 2, 3, 4];
    const broken = withGaps({
      times,
      bucketSeconds: 30,
      lines: [{ id: "a", label: "a", values: column, min: column, max: column }],
    });
    expect(broken.lines[0]?.max).toEqual([1, 2, 3, null, 4]);
  });

  it("takes a late sample for late, not for a gap", () => {
    const late = frame([0, 30, 90, 120], [1, 2, 3, 4]);
    expect(withGaps(late)).toBe(late);
  });

  it("goes by the usual distance where a bucket is narrower than it", () => {
    const slow = frame([0, 60, 120, 180], [1, 2, 3, 4], 10);
    expect(withGaps(slow)).toBe(slow);
  });
});

describe("gapsOf", () => {
  it("tells inner gaps and those at the edges", () => {
    const gaps = gapsOf(frame([300, 330, 360, 900, 930], [1, 1, 1, 1, 1]), { from: 0, to: 960 });
    expect(gaps).toEqual([
      { from: 0, to: 300 },
      { from: 360, to: 900 },
    ]);
  });

  it("counts buckets of nulls", () => {
    const gaps = gapsOf(frame([0, 30, 60, 90, 120, 150], [1, null, null, null, 1, 1]), { from: 0, to: 150 });
    expect(gaps).toEqual([{ from: 0, to: 120 }]);
  });

  it("is the whole span where nothing is known", () => {
    expect(gapsOf(frame([], []), { from: 0, to: 3600 })).toEqual([{ from: 0, to: 3600 }]);
  });
});

describe("runsOf", () => {
  it("finds the runs in which every column has a value", () => {
    expect(runsOf([1, 2, null, 3, 4, 5], [1, 2, 3, null, 4, 5])).toEqual([
      [0, 1],
      [4, 5],
    ]);
    expect(runsOf([null, null])).toEqual([]);
    expect(runsOf([7])).toEqual([[0, 0]]);
  });
});
