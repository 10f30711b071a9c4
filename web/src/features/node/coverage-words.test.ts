import { expect, it } from "vitest";
import type { SectionCoverage } from "@/api/generated/model";
import { asSentence, isIncomplete, seesSentence } from "./coverage-words";

const coverage: SectionCoverage = {
  section: "ports",
  level: "full",
  reason: "",
  grant: "",
  duration_seconds: 1,
  observed_at: 1,
};

it("makes sentences of what agents say", () => {
  expect(asSentence("no systemd here")).toBe("No systemd here.");
  expect(asSentence("Denied.")).toBe("Denied.");
  expect(asSentence("  ")).toBe("");
  expect(asSentence("a\u202eb")).toBe("A\\u202eb.");
});

it("tells what a section shows or would show", () => {
  expect(seesSentence(coverage)).toMatch(/^Sees every listening port/);
  expect(seesSentence({ ...coverage, level: "denied" })).toMatch(/^Would show/);
  expect(seesSentence({ ...coverage, section: "other" })).toBe("Sees its items.");
});

it("misses nothing where there is nothing", () => {
  expect(isIncomplete({ ...coverage, level: "absent" })).toBe(false);
  expect(isIncomplete({ ...coverage, level: "partial" })).toBe(true);
});
