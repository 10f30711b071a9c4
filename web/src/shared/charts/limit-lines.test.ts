import { describe, expect, it } from "vitest";
import { limitLines } from "./limit-lines";

function lines(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `core ${index}`,
    label: `core ${index}`,
    values: [index, index, null],
  }));
}

describe("limitLines", () => {
  it("leaves six alone", () => {
    expect(limitLines(lines(6), "mean").map((line) => line.id)).toEqual(lines(6).map((line) => line.id));
  });

  it("keeps the five greatest in their own order and merges the others", () => {
    const kept = limitLines(lines(10), "mean");
    expect(kept.map((line) => line.label)).toEqual([
      "core 5",
      "core 6",
      "core 7",
      "core 8",
      "core 9",
      "5 others, on average",
    ]);
    expect(kept[5]?.values).toEqual([2, 2, null]);
    expect(kept[5]?.isRest).toBe(true);
  });

  it("adds rates up and takes the highest of shares", () => {
    expect(limitLines(lines(8), "sum").at(-1)?.values[0]).toBe(0 + 1 + 2);
    expect(limitLines(lines(8), "highest").at(-1)?.values[0]).toBe(2);
  });
});
