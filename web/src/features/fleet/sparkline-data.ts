import { useQueries } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import type { NodeSummary, Sparkline } from "@/api/generated/model";
import { getGetSparklinesQueryOptions } from "@/api/generated/nodes/nodes";
import type { FleetRow } from "./fleet-columns";

const MINUTE_MILLISECONDS = 60_000;

/** Node and lines as one row, the same object while both are: the table then has nothing to draw. */
export function useJoinedRows() {
  const known = useRef(new WeakMap<NodeSummary, FleetRow>());
  return useCallback((node: NodeSummary, lines: Sparkline | undefined): FleetRow => {
    const before = known.current.get(node);
    if (before && before.lines === lines) return before;
    const row = { node, lines };
    known.current.set(node, row);
    return row;
  }, []);
}

/** The last hour of every node in view, asked for a page of nodes at a time. */
export function useSparklines(pages: readonly (readonly NodeSummary[])[]): ReadonlyMap<string, Sparkline> {
  const answers = useQueries({
    queries: pages
      .filter((nodes) => nodes.length > 0)
      .map((nodes) =>
        getGetSparklinesQueryOptions(
          { node_id: nodes.map((node) => node.id) },
          { query: { staleTime: MINUTE_MILLISECONDS, refetchInterval: MINUTE_MILLISECONDS } },
        ),
      ),
  });
  return new Map(answers.flatMap((answer) => answer.data?.items ?? []).map((line) => [line.node_id, line]));
}
