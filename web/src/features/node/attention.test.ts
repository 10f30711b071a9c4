import { expect, it } from "vitest";
import type { SeenUpdate, Service, System } from "@/api/generated/model";
import { concernsOf, rebootReasons } from "./attention";

const NOW = 1_700_000_000;
const NOTHING = { services: undefined, containers: undefined, certificates: undefined, updates: undefined };
const service: Service = {
  key: "system/a.service",
  scope: "system",
  unit: "a.service",
  state: "failed",
  source: "both",
  seen_from: NOW,
};
const update: SeenUpdate = {
  key: "dpkg/openssl/amd64",
  kind: "update",
  manager: "dpkg",
  name: "openssl",
  candidate_version: "3",
  security: true,
  seen_from: NOW,
};
const system: System = {
  key: "system",
  hostname: "web-1",
  os_id: "debian",
  os_name: "Debian",
  os_version: "12",
  kernel: "6.1.0-28",
  architecture: "x86_64",
  cpu_model: "",
  cpu_count: 1,
  memory_total_bytes: 1,
  virtualization: "kvm",
  boot_at: NOW,
  seen_from: NOW,
};

it("is silent where nothing is known and where all is well", () => {
  expect(concernsOf(NOTHING, NOW)).toEqual([]);
  expect(concernsOf({ ...NOTHING, services: [{ ...service, state: "active" }], updates: [] }, NOW)).toEqual([]);
});

it("says what wants somebody, with the way to it", () => {
  const concerns = concernsOf({ ...NOTHING, services: [service, { ...service, key: "b" }], updates: [update] }, NOW);
  expect(concerns.map((concern) => [concern.words, concern.to])).toEqual([
    ["2 services failed", { tab: "services", state: "failed" }],
    ["1 security update to install", { tab: "updates", kind: "security" }],
  ]);
});

it("does not ask for updates that somebody holds back", () => {
  expect(concernsOf({ ...NOTHING, updates: [{ ...update, held: true }] }, NOW)).toEqual([]);
});

it("tells what a restart is for", () => {
  expect(rebootReasons({ ...system, reboot_reasons: ["linux-image-amd64", "libc6"] })).toBe(
    "for linux-image-amd64, libc6",
  );
  expect(rebootReasons({ ...system, kernel_installed: "6.1.0-31" })).toBe("for kernel 6.1.0-31");
  expect(rebootReasons(system)).toBe("");
});
