import { expect, it } from "vitest";
import { csvCell, toCsv } from "./csv";

it.each(["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1"])("defuses %j", (text) => {
  expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
});

it("leaves numbers as numbers", () => {
  expect(["-3.5", "12"].map(csvCell)).toEqual(["-3.5", "12"]);
});

it("quotes what would break a row", () => {
  expect(
    toCsv([
      ["a,b", 'say "hi"'],
      ["one\ntwo", "plain"],
    ]),
  ).toBe('"a,b","say ""hi"""\r\n"one\ntwo",plain');
});
