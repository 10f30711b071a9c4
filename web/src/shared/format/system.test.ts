import { expect, it } from "vitest";
import { shortSystem } from "./system";

it.each([
  ["Debian GNU/Linux 12 (bookworm)", "Debian 12"],
  ["Ubuntu 24.04.1 LTS", "Ubuntu 24.04"],
  ["Alpine Linux v3.20", "Alpine v3.20"],
  ["macOS 15.1", "macOS 15.1"],
])("%s is %s", (name, short) => {
  expect(shortSystem(name)).toBe(short);
});

it("is nothing where nothing is known", () => {
  expect(shortSystem(null)).toBeUndefined();
});
