import { describe, expect, it } from "vitest";
import { stack } from "./stack";

const user = { id: "user", label: "user", values: [10, 20, null, 5] };
const system = { id: "system", label: "system", values: [1, 2, 3, null] };

describe("stack", () => {
  it("puts each line on those below it", () => {
    const [first, second] = stack([user, system]);
    expect(first?.lower).toEqual([0, 0, null, null]);
    expect(first?.upper).toEqual([10, 20, null, null]);
    expect(second?.lower).toEqual([10, 20, null, null]);
    expect(second?.upper).toEqual([11, 22, null, null]);
  });

  it("keeps the line itself for the legend", () => {
    expect(stack([user, system])[1]?.line.values).toEqual([1, 2, 3, null]);
  });

  it("of nothing is nothing", () => {
    expect(stack([])).toEqual([]);
  });
});
