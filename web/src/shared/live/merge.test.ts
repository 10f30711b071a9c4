import { expect, it } from "vitest";
import type { LatestSample } from "@/api/generated/model";
import { mergeBatches, NOTHING } from "./merge";

const latest = { at: 10, cpu_percent: 5 } as LatestSample;

it("keeps the newest word about each node", () => {
  const first = mergeBatches(NOTHING, {
    seen: [{ node_id: "a", seen_at: 10 }],
    status: [{ node_id: "a", status: "silent", at: 10 }],
  });
  const merged = mergeBatches(first, {
    seen: [
      { node_id: "a", seen_at: 40 },
      { node_id: "b", seen_at: 12 },
    ],
    status: [{ node_id: "a", status: "online", at: 40 }],
  });
  expect(merged.seen.map((event) => [event.node_id, event.seen_at])).toEqual([
    ["a", 40],
    ["b", 12],
  ]);
  expect(merged.status).toEqual([{ node_id: "a", status: "online", at: 40 }]);
});

it("is not moved back by what comes late", () => {
  const now = mergeBatches(NOTHING, { status: [{ node_id: "a", status: "online", at: 40 }] });
  expect(mergeBatches(now, { status: [{ node_id: "a", status: "silent", at: 10 }] }).status[0]?.status).toBe("online");
});

it("keeps the values of the report before when the newer one has none", () => {
  const before = mergeBatches(NOTHING, { seen: [{ node_id: "a", seen_at: 10, latest }] });
  expect(mergeBatches(before, { seen: [{ node_id: "a", seen_at: 11 }] }).seen[0]).toMatchObject({
    seen_at: 11,
    latest,
  });
});

it("joins sections and loses no arrival", () => {
  const before = mergeBatches(NOTHING, {
    inventory: [{ node_id: "a", sections: ["ports"] }],
    fleet: [{ node_id: "a", change: "enrolled", token_id: "t1" }],
  });
  const merged = mergeBatches(before, {
    inventory: [{ node_id: "a", sections: ["ports", "services"] }],
    fleet: [{ node_id: "b", change: "enrolled", token_id: "t1" }],
  });
  expect(merged.inventory).toEqual([{ node_id: "a", sections: ["ports", "services"] }]);
  expect(merged.fleet.map((event) => event.node_id)).toEqual(["a", "b"]);
});
