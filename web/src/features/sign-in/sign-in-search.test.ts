import { expect, it } from "vitest";
import { readSignInSearch } from "./sign-in-search";

it("goes back to a page of this site", () => {
  expect(readSignInSearch({ next: "/nodes?q=web" })).toEqual({ next: "/nodes?q=web" });
});

it.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "javascript:alert(1)",
  "/\t/evil.example",
  "nodes",
  7,
])("leads nowhere else: %j", (next) => {
  expect(readSignInSearch({ next })).toEqual({});
});
