/**
 * What events do to the fleet page. Values change in place; rows are fetched again, and may move, only when the fleet
 * itself or what is filtered by has changed.
 */

import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { NodePage } from "@/api/generated/model";
import { getListNodesQueryKey } from "@/api/generated/nodes/nodes";
import { useLiveBatches } from "@/shared/live/live";
import type { LiveBatch } from "@/shared/live/merge";
import type { FleetSearch } from "./fleet-search";
import { patchPage } from "./patch-nodes";

const REFETCH_MILLISECONDS = 2000;

type Refetch = "nothing" | "counts" | "rows";

/** What has to be fetched again after these events. */
export function refetchAfter(batch: LiveBatch, search: FleetSearch): Refetch {
  const watchesStatus = search.status !== undefined || search.partly === true || search.sort === "status";
  // A node's system is what its row says of provider, name and release; it follows a while after the first report.
  const systems = batch.inventory.some((event) => event.sections.includes("system"));
  if (batch.fleet.length > 0 || systems) return "rows";
  if (batch.status.length > 0) return watchesStatus ? "rows" : "counts";
  return "nothing";
}

/** Applies live events to every page that is kept. */
export function useFleetLive(search: FleetSearch): void {
  const queries = useQueryClient();
  const due = useRef<Refetch>("nothing");
  useLiveBatches((batch) => {
    const nodes = { queryKey: getListNodesQueryKey() };
    queries.setQueriesData<NodePage>(nodes, (page) => (page ? patchPage(page, batch) : page));
    const wanted = refetchAfter(batch, search);
    if (wanted === "nothing" || due.current === "rows") return;
    const isWaiting = due.current !== "nothing";
    due.current = wanted;
    if (isWaiting) return;
    setTimeout(() => {
      const counts = { queryKey: getListNodesQueryKey({ limit: 1 }) };
      void queries.invalidateQueries(due.current === "rows" ? nodes : counts);
      due.current = "nothing";
    }, REFETCH_MILLISECONDS);
  });
}
