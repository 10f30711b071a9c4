import { expect, it } from "vitest";
import { readNodeSearch, searchOfTab } from "./node-search";

it("keeps what it knows", () => {
  const search = { tab: "ports", range: "24h", q: "nginx", sort: "-port", where: "any", scope: "user" };
  expect(readNodeSearch(search)).toEqual(search);
});

it("drops defaults and unknown words", () => {
  expect(readNodeSearch({ tab: "overview", range: "1h" })).toEqual({});
  expect(readNodeSearch({ tab: "<script>", range: "toString", scope: "root", from: "x", to: {} })).toEqual({});
});

it("takes a part of the past only with both ends in order", () => {
  expect(readNodeSearch({ from: 100, to: 200, range: "6h" })).toEqual({ from: 100, to: 200 });
  expect(readNodeSearch({ from: 200, to: 100, range: "6h" })).toEqual({ range: "6h" });
  expect(readNodeSearch({ from: Number.NaN, to: 100 })).toEqual({});
});

it("reads a search for a number as words", () => {
  expect(readNodeSearch({ q: 6379 })).toEqual({ q: "6379" });
});

it("keeps the window of time over tabs, but no filters", () => {
  expect(searchOfTab({ range: "7d", q: "nginx", sort: "-port", tab: "ports" }, "services")).toEqual({
    tab: "services",
    range: "7d",
  });
});
