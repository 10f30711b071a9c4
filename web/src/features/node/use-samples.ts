/** The samples of a window of time, kept fresh: short windows grow by what comes live, long ones are fetched anew. */

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SampleRange } from "@/api/generated/model";
import { getSamples } from "@/api/generated/samples/samples";
import { useNow } from "@/shared/clock/clock";
import { useLiveBatches, useLiveReturn } from "@/shared/live/live";
import { withSample } from "./live-samples";
import type { NodeSearch } from "./node-search";
import { questionOf, refetchOf, stepOf, type Window, windowOf } from "./time-range";

export function useWindow(search: NodeSearch): Window {
  const step = stepOf(search);
  const now = useNow((seconds) => Math.ceil(seconds / step) * step);
  return windowOf(search, now);
}

export function useSamples(nodeId: string, search: NodeSearch, window: Window) {
  const client = useQueryClient();
  const key = ["samples", nodeId, window.seconds ?? window.span] as const;
  const range = useQuery<SampleRange>({
    queryKey: key,
    queryFn: ({ signal }) => {
      // The window moves on without a new key: what is asked for is the window of this moment.
      const now = Math.ceil(Date.now() / 1000);
      return getSamples(nodeId, questionOf(windowOf(search, now)), { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: refetchOf(window.seconds),
    staleTime: window.seconds === undefined ? Number.POSITIVE_INFINITY : 15_000,
  });
  useLiveBatches((batch) => {
    if (window.seconds === undefined) return;
    const seen = batch.seen.find((event) => event.node_id === nodeId);
    const sample = seen?.sample;
    if (sample) {
      client.setQueryData<SampleRange>(key, (old) => old && withSample(old, sample, questionOf(window).from_at));
    } else if (seen?.latest && seen.latest.at > newestTime(range.data)) {
      // In its first second a page is told only that there is something new.
      void range.refetch({ cancelRefetch: false });
    }
  });
  useLiveReturn(() => void range.refetch({ cancelRefetch: false }));
  return range;
}

function newestTime(range: SampleRange | undefined): number {
  return range?.times.at(-1) ?? Number.NEGATIVE_INFINITY;
}
