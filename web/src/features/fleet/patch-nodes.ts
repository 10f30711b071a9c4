/** What live events change in nodes that were fetched before. Rows keep their places: only values move. */

import type { NodePage, NodeSummary } from "@/api/generated/model";
import type { LiveBatch } from "@/shared/live/merge";

/** The page with the events applied; the same object when none concerns it, so that nothing is drawn for nothing. */
export function patchPage(page: NodePage, batch: LiveBatch): NodePage {
  const seen = new Map(batch.seen.map((event) => [event.node_id, event]));
  const status = new Map(batch.status.map((event) => [event.node_id, event]));
  let changed = false;
  const items = page.items.map((node) => {
    const patched = patchNode(node, seen.get(node.id), status.get(node.id));
    changed ||= patched !== node;
    return patched;
  });
  return changed ? { ...page, items } : page;
}

function patchNode(
  node: NodeSummary,
  seen: LiveBatch["seen"][number] | undefined,
  status: LiveBatch["status"][number] | undefined,
): NodeSummary {
  let patched = node;
  if (seen && seen.seen_at >= (node.last_seen_at ?? 0)) {
    patched = { ...patched, last_seen_at: seen.seen_at, latest: seen.latest ?? patched.latest };
    if (!status) patched = { ...patched, status: "online" };
  }
  return status && status.status !== patched.status ? { ...patched, status: status.status } : patched;
}
