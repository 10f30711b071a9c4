import { describe, expect, it } from "vitest";
import { contrast, PALETTES, seriesColour, withAlpha } from "./palette";

describe("the palette", () => {
  it("measures contrast as WCAG does", () => {
    expect(contrast("#ffffff", "#000000")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });

  it.each([
    ["light", "#ffffff"],
    ["dark", "#1b1b1f"],
  ] as const)("stands out from the %s background by 3:1 at least", (scheme, background) => {
    for (const colour of [...PALETTES[scheme].series, PALETTES[scheme].rest]) {
      expect(contrast(colour, background), colour).toBeGreaterThanOrEqual(3);
    }
  });

  it("gives six different colours and grey to the rest", () => {
    const six = [0, 1, 2, 3, 4, 5].map((index) => seriesColour("light", index));
    expect(new Set(six).size).toBe(6);
    expect(six).not.toContain(seriesColour("light", 5, true));
  });

  it("adds an alpha", () => {
    expect(withAlpha("#0072b2", 0.5)).toBe("#0072b280");
    expect(withAlpha("#0072b2", 7)).toBe("#0072b2ff");
  });
});
