import { expect, it } from "vitest";
import { nameToType } from "./remove-dialog";
import { readTags, tagProblem } from "./tags-dialog";

it("reads tags as people write them", () => {
  expect(readTags(" web, production,,web ,")).toEqual(["web", "production"]);
  expect(readTags("")).toEqual([]);
});

it("says which tags the server would refuse", () => {
  expect(tagProblem(["web"])).toBeNull();
  expect(tagProblem(["x".repeat(65)])).toContain("64 characters");
  expect(tagProblem(Array.from({ length: 33 }, (_, index) => `t${index}`))).toContain("32 tags");
});

it("asks for a name that can be typed", () => {
  expect(nameToType("web-1")).toBe("web-1");
  expect(nameToType("x".repeat(4000))).toBe("x".repeat(128));
  expect(nameToType("a\u202eb")).toBe("a\\u202eb");
});
