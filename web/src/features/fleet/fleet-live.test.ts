import { expect, it } from "vitest";
import { NOTHING } from "@/shared/live/merge";
import { refetchAfter } from "./fleet-live";

const silent = { ...NOTHING, status: [{ node_id: "a", status: "silent", at: 1 } as const] };

it("fetches nothing again for readings", () => {
  expect(refetchAfter({ ...NOTHING, seen: [{ node_id: "a", seen_at: 1 }] }, {})).toBe("nothing");
});

it("counts again when a state changed, and lists again where the state is what is listed by", () => {
  expect(refetchAfter(silent, {})).toBe("counts");
  expect(refetchAfter(silent, { status: ["silent"] })).toBe("rows");
  expect(refetchAfter(silent, { sort: "status" })).toBe("rows");
});

it("lists again when a node came, or said what it is", () => {
  expect(refetchAfter({ ...NOTHING, fleet: [{ node_id: "a", change: "enrolled" }] }, {})).toBe("rows");
  expect(refetchAfter({ ...NOTHING, inventory: [{ node_id: "a", sections: ["system"] }] }, {})).toBe("rows");
  expect(refetchAfter({ ...NOTHING, inventory: [{ node_id: "a", sections: ["services"] }] }, {})).toBe("nothing");
});
