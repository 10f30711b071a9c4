import { expect, it } from "vitest";
import type { Container, SampleRange } from "@/api/generated/model";
import { findUse, newestUses, usesOf } from "./container-use";

const container: Container = { key: "a".repeat(64), name: "web", image: "nginx", state: "running", seen_from: 1 };
const range: SampleRange = {
  node_id: "n1",
  from_at: 0,
  to_at: 60,
  bucket_seconds: 30,
  times: [0, 30],
  series: [
    { metric: "container_cpu_percent", unit: "percent", key: "web", avg: [1, 150] },
    { metric: "container_memory_bytes", unit: "bytes", key: "web", avg: [10, null] },
    { metric: "load_one", unit: "load", avg: [1, 1] },
  ],
};

it("takes the newest value of each line, and none that is old", () => {
  expect(findUse(newestUses(range), container)).toEqual({ cpuPercent: 150 });
});

it("knows containers of one name by their ids, as the server does", () => {
  const other = { ...container, key: "b".repeat(64) };
  const uses = usesOf([
    { id: container.key, name: "web", cpu_percent: 1 },
    { id: other.key, name: "web", cpu_percent: 2 },
    { id: "c".repeat(64), name: "db", cpu_percent: 3 },
  ]);
  expect([...uses.keys()]).toEqual(["web (aaaaaaaaaaaa)", "web (bbbbbbbbbbbb)", "db"]);
  expect(findUse(uses, other)?.cpuPercent).toBe(2);
});
