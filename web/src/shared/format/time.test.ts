import { expect, it } from "vitest";
import { formatAgo, formatDuration, formatExact } from "./time";

it.each([
  [0, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3600, "1 h"],
  [3600 * 3 + 60 * 20, "3 h 20 min"],
  [86_400 * 2 + 3600 * 5, "2 d 5 h"],
  [86_400 * 31, "31 d"],
  [86_400 * 1234, "1,234 d"],
])("a span of %d seconds is %s", (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

it.each([
  [1000, "now"],
  [996, "4 s ago"],
  [1000 - 12 * 60, "12 min ago"],
  [1000 - 47 * 3600, "47 h ago"],
  [1000 - 48 * 3600, "2 d ago"],
  [1003, "now"],
  [1000 + 7200, "in 2 h"],
])("at second 1000, second %d is %s", (at, words) => {
  expect(formatAgo(at, 1000)).toBe(words);
});

it("says never where there was none", () => {
  expect(formatAgo(null, 1000)).toBe("never");
});

it("tells the exact time in ISO order with its zone", () => {
  expect(formatExact(1_700_000_000)).toMatch(/^2023-11-1[45] \d\d:\d\d:20 UTC([+−]\d\d:\d\d)?$/);
});
