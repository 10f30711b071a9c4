import { expect, it } from "vitest";
import { isStateKind, kindOfContainer, kindOfService } from "./states";

it.each([
  ["active", "running", "running"],
  ["active", "exited", "done"],
  ["failed", "failed", "failed"],
  ["activating", "auto-restart", "failed"],
  ["activating", "start-pre", "changing"],
  ["inactive", "dead", "off"],
  ["active", null, "running"],
  ["<b>odd</b>", null, "off"],
])("a service that is %s (%s) is %s", (state, subState, kind) => {
  expect(kindOfService(state, subState)).toBe(kind);
});

it.each([
  ["running", null, null, "running"],
  ["running", "unhealthy", null, "failed"],
  ["running", "starting", null, "changing"],
  ["exited", null, 0, "off"],
  ["exited", null, 137, "failed"],
  ["restarting", null, null, "failed"],
  ["paused", null, null, "off"],
])("a container that is %s (%s, exit code %s) is %s", (state, health, exitCode, kind) => {
  expect(kindOfContainer(state, health, exitCode)).toBe(kind);
});

it("knows its own words only", () => {
  expect(isStateKind("failed")).toBe(true);
  expect(isStateKind("toString")).toBe(false);
});
