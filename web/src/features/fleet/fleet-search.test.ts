import { expect, it } from "vitest";
import { isFiltered, readFleetSearch, toParams } from "./fleet-search";

it("reads what a link says and drops what it does not know", () => {
  expect(
    readFleetSearch({
      q: 42,
      status: ["silent", "on fire"],
      os: "debian",
      sort: "cpu",
      descending: true,
      ...{ extra: "x" },
    }),
  ).toEqual({ q: "42", status: ["silent"], os: ["debian"], sort: "cpu", descending: true });
});

it("keeps a plain address plain", () => {
  expect(readFleetSearch({ q: "", status: [], sort: "nonsense", descending: "true" })).toEqual({});
});

it("asks the server in its own words", () => {
  expect(toParams({ partly: true, descending: true, sort: "seen", tag: ["eu"] })).toEqual({
    partly_seen: true,
    sort: "seen",
    order: "descending",
    tag: ["eu"],
  });
});

it("keeps the grid in the address and to itself", () => {
  expect(readFleetSearch({ view: "grid" })).toEqual({ view: "grid" });
  expect(readFleetSearch({ view: "pie" as "grid" })).toEqual({});
  expect(toParams({ view: "grid" })).toEqual({ sort: "name", order: "ascending" });
  expect(isFiltered({ view: "grid" })).toBe(false);
});

it("does not take a sort for a filter", () => {
  expect(isFiltered({ sort: "cpu", descending: true })).toBe(false);
  expect(isFiltered({ q: "web" })).toBe(true);
});
