import { expect, it } from "vitest";
import { visibleText } from "./text";

it("leaves ordinary text alone, whatever its script", () => {
  const names = ["web-1", "größe", "サーバー", "خادم", "🚀 rocket"];
  expect(names.map((name) => visibleText(name))).toEqual(names);
});

it.each([
  ["a\u202egpj.exe", "a\\u202egpj.exe"],
  ["zero\u200bwidth", "zero\\u200bwidth"],
  ["bell\u0007", "bell\\u0007"],
  ["line\nbreak", "line\\u000abreak"],
  ["half\ud800", "half\\ud800"],
])("shows what hides: %j", (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

it("cuts a novel", () => {
  expect(visibleText("x".repeat(4000))).toHaveLength(257);
});
