/** Several event batches as one: what happened to a node last is what counts. */

import type { EventBatch, NodeSeen } from "@/api/generated/model";

export type LiveBatch = Required<EventBatch>;

export const NOTHING: LiveBatch = { seen: [], status: [], inventory: [], fleet: [] };

export function mergeBatches(before: LiveBatch, after: EventBatch): LiveBatch {
  return {
    seen: newest(before.seen, after.seen ?? [], (event) => event.seen_at, keepValues),
    status: newest(before.status, after.status ?? [], (event) => event.at),
    inventory: union(before.inventory, after.inventory ?? []),
    // Every enrolment counts: a page may wait for one token among several.
    fleet: [...before.fleet, ...(after.fleet ?? [])],
  };
}

function newest<Event extends { node_id: string }>(
  before: readonly Event[],
  after: readonly Event[],
  at: (event: Event) => number,
  join: (older: Event, newer: Event) => Event = (_, newer) => newer,
): Event[] {
  const byNode = new Map(before.map((event) => [event.node_id, event]));
  for (const event of after) {
    const known = byNode.get(event.node_id);
    if (!known) byNode.set(event.node_id, event);
    else if (at(event) >= at(known)) byNode.set(event.node_id, join(known, event));
  }
  return [...byNode.values()];
}

/** A report that carried only inventory says nothing about the values of the one before it. */
function keepValues(older: NodeSeen, newer: NodeSeen): NodeSeen {
  return { ...newer, latest: newer.latest ?? older.latest, sample: newer.sample ?? older.sample };
}

function union(before: LiveBatch["inventory"], after: LiveBatch["inventory"]): LiveBatch["inventory"] {
  const byNode = new Map(before.map((event) => [event.node_id, event.sections]));
  for (const event of after) {
    byNode.set(event.node_id, [...new Set([...(byNode.get(event.node_id) ?? []), ...event.sections])]);
  }
  return [...byNode].map(([node_id, sections]) => ({ node_id, sections }));
}
