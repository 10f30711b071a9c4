import { expect, it } from "vitest";
import type { Column } from "./column";
import { fitColumns, neededWidth } from "./fit-columns";

const column = (id: string, givesWay?: number): Column<string> => ({
  id,
  title: id,
  width: 100,
  givesWay,
  cell: () => id,
  text: () => id,
});
const columns = [column("name"), column("provider", 1), column("version", 2)];
const ids = (width: number) => fitColumns(columns, width).map(({ id }) => id);

it("keeps all where there is room", () => {
  expect(ids(neededWidth(columns))).toEqual(["name", "provider", "version"]);
});

it("lets go what gives way, the highest first", () => {
  expect(ids(neededWidth(columns) - 1)).toEqual(["name", "provider"]);
  expect(ids(230)).toEqual(["name"]);
});

it("never lets go the others", () => {
  expect(ids(10)).toEqual(["name"]);
});
