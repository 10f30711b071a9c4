import { expect, it } from "vitest";
import type { NodeDetail } from "@/api/generated/model";
import { NOTHING } from "@/shared/live/merge";
import { withEvents } from "./use-node";

const node: NodeDetail = {
  id: "n1",
  name: "web-1",
  hostname: "web-1",
  status: "silent",
  partly_seen: false,
  enrolled_at: 1,
  tags: [],
  addresses: [],
  section_counts: {},
  coverage: [],
  last_seen_at: 100,
};

it("leaves the node alone when nothing is about it", () => {
  expect(withEvents(node, NOTHING)).toBe(node);
  expect(withEvents(node, { ...NOTHING, seen: [{ node_id: "other", seen_at: 200 }] })).toBe(node);
});

it("is online again with its next report", () => {
  const after = withEvents(node, { ...NOTHING, seen: [{ node_id: "n1", seen_at: 200 }] });
  expect(after).toMatchObject({ status: "online", last_seen_at: 200 });
});

it("goes by the later of a report and a change of status", () => {
  const seen = [{ node_id: "n1", seen_at: 200 }];
  const silent = { node_id: "n1", status: "silent", at: 300 } as const;
  expect(withEvents(node, { ...NOTHING, seen, status: [silent] }).status).toBe("silent");
  expect(withEvents(node, { ...NOTHING, seen, status: [{ ...silent, at: 100 }] }).status).toBe("online");
});
