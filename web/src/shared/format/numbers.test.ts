import { describe, expect, it } from "vitest";
import { formatBytes, formatPercent, formatRate, threeFigures } from "./numbers";

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [512, "512 B"],
    [1000, "0.977 KiB"],
    [1536, "1.5 KiB"],
    [4 * 1024 ** 3, "4 GiB"],
    [999.6 * 1024, "0.976 MiB"],
    [123.456 * 1024 ** 2, "123 MiB"],
    [2 ** 60, "1024 PiB"],
  ])("%d → %s", (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it("says nothing where there is nothing", () => {
    expect(formatBytes(null)).toBe("–");
    expect(formatRate(undefined)).toBe("–");
    expect(formatPercent(Number.NaN)).toBe("–");
  });
});

it("tells a rate in bytes per second", () => {
  expect(formatRate(1.2 * 1024 ** 2)).toBe("1.2 MiB/s");
});

it("keeps at most three figures", () => {
  expect([0.12345, 1.005, 12.34, 99.95, 1234.5].map(threeFigures)).toEqual(["0.123", "1", "12.3", "100", "1235"]);
});

it("tells small shares more closely than large ones", () => {
  expect([0, 0.04, 4.26, 9.96, 61.4, 100].map(formatPercent)).toEqual(["0%", "0%", "4.3%", "10%", "61%", "100%"]);
});
