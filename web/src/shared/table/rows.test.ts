import { expect, it } from "vitest";
import type { Column } from "./column";
import { searchRows, sortRows, textOfRows } from "./rows";

interface Thing {
  name: string;
  size: number | null;
}
const columns: Column<Thing>[] = [
  { id: "name", title: "Name", width: 1, cell: (thing) => thing.name, text: (thing) => thing.name },
  {
    id: "size",
    title: "Size",
    width: 1,
    cell: () => "",
    text: (thing) => String(thing.size),
    order: (thing) => thing.size,
  },
];
const things: Thing[] = [
  { name: "web-10", size: 3 },
  { name: "web-2", size: null },
  { name: "Api", size: 20 },
];
const names = (rows: readonly Thing[]) => rows.map(({ name }) => name);

it("sorts names as people do", () => {
  expect(names(sortRows(things, columns, { column: "name", descending: false }))).toEqual(["Api", "web-2", "web-10"]);
});

it("puts what has no value last, whichever way", () => {
  expect(names(sortRows(things, columns, { column: "size", descending: false }))).toEqual(["web-10", "Api", "web-2"]);
  expect(names(sortRows(things, columns, { column: "size", descending: true }))).toEqual(["Api", "web-10", "web-2"]);
});

it("finds the rows that hold every word", () => {
  expect(names(searchRows(things, textOfRows(columns), "WEB 3"))).toEqual(["web-10"]);
  expect(searchRows(things, textOfRows(columns), " ")).toHaveLength(3);
});
