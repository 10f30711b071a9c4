import { describe, expect, it } from "vitest";
import { actOfKey, brushed, panned, zoomed } from "./time-window";

const NOW = 1_000_000;

describe("the window of time", () => {
  it("is what was brushed, in either direction", () => {
    expect(brushed(900_000, 910_000, NOW)).toEqual({ from: 900_000, to: 910_000 });
    expect(brushed(910_000, 900_000, NOW)).toEqual({ from: 900_000, to: 910_000 });
  });

  it("is never narrower than a minute nor in the future", () => {
    expect(brushed(900_000, 900_001, NOW)).toEqual({ from: 899_970.5, to: 900_030.5 });
    expect(brushed(NOW - 120, NOW + 500, NOW)).toEqual({ from: NOW - 620, to: NOW });
  });

  it("pans without changing its width and stops at now", () => {
    expect(panned({ from: 900_000, to: 903_600 }, -600, NOW)).toEqual({ from: 899_400, to: 903_000 });
    expect(panned({ from: NOW - 3600, to: NOW }, 600, NOW)).toEqual({ from: NOW - 3600, to: NOW });
  });

  it("zooms about its middle", () => {
    expect(zoomed({ from: 900_000, to: 904_000 }, 0.5, NOW)).toEqual({ from: 901_000, to: 903_000 });
    expect(zoomed({ from: NOW - 4000, to: NOW }, 2, NOW)).toEqual({ from: NOW - 8000, to: NOW });
  });
});

describe("keys on a chart", () => {
  it("move the cursor, pan, zoom and reset", () => {
    expect(actOfKey("ArrowLeft", false)).toEqual({ kind: "cursor", steps: -1 });
    expect(actOfKey("ArrowRight", true)).toEqual({ kind: "pan", shares: 0.25 });
    expect(actOfKey("+", true)).toEqual({ kind: "zoom", factor: 0.5 });
    expect(actOfKey("-", false)).toEqual({ kind: "zoom", factor: 2 });
    expect(actOfKey("0", false)).toEqual({ kind: "reset" });
    expect(actOfKey("Escape", false)).toEqual({ kind: "leave" });
  });

  it("leave all other keys to the page", () => {
    expect(actOfKey("Tab", false)).toBeUndefined();
    expect(actOfKey("a", false)).toBeUndefined();
  });
});
