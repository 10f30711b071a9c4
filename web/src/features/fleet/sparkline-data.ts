import { useQueries } from "@tanstack/react-query";
import type { NodeSummary, Sparkline } from "@/api/generated/model";
import { getGetSparklinesQueryOptions } from "@/api/generated/nodes/nodes";

const MINUTE_MILLISECONDS = 60_000;

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
