import { expect, it } from "vitest";
import type { LatestSample, NodePage, NodeSummary } from "@/api/generated/model";
import { NOTHING } from "@/shared/live/merge";
import { patchPage } from "./patch-nodes";

const node = (id: string, rest: Partial<NodeSummary> = {}) =>
  ({ id, name: id, status: "online", last_seen_at: 100, latest: null, ...rest }) as NodeSummary;
const page = (...items: NodeSummary[]) => ({ items, total: items.length, offset: 0 }) as unknown as NodePage;
const latest = { cpu_percent: 50 } as LatestSample;

it("moves values and keeps places", () => {
  const after = patchPage(page(node("a"), node("b")), { ...NOTHING, seen: [{ node_id: "b", seen_at: 130, latest }] });
  expect(after.items.map(({ id, last_seen_at }) => [id, last_seen_at])).toEqual([
    ["a", 100],
    ["b", 130],
  ]);
  expect(after.items[1]?.latest).toBe(latest);
});

it("draws nothing for events about others", () => {
  const before = page(node("a"));
  expect(patchPage(before, { ...NOTHING, seen: [{ node_id: "z", seen_at: 130, latest }] })).toBe(before);
});

it("lets a report wake a silent node, and a word about its state win", () => {
  const silent = page(node("a", { status: "silent" }));
  expect(patchPage(silent, { ...NOTHING, seen: [{ node_id: "a", seen_at: 130 }] }).items[0]?.status).toBe("online");
  const after = patchPage(page(node("a")), { ...NOTHING, status: [{ node_id: "a", status: "silent", at: 200 }] });
  expect(after.items[0]?.status).toBe("silent");
});

it("is not moved back by an event that is older than the page", () => {
  const before = page(node("a"));
  expect(patchPage(before, { ...NOTHING, seen: [{ node_id: "a", seen_at: 90, latest }] })).toBe(before);
});
