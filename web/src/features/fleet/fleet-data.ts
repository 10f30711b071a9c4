/** The fleet's rows, fetched a hundred at a time as they are scrolled to. */

import { keepPreviousData, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { NodePage, NodeSummary } from "@/api/generated/model";
import { getListNodesQueryKey, getListNodesQueryOptions, useListNodes } from "@/api/generated/nodes/nodes";
import { refetchEvery } from "@/shared/refetch/refetch-every";
import { type FleetSearch, toParams } from "./fleet-search";

export const PAGE = 100;
/** What no event tells, such as how much is seen of a node, is at most this old on an open page. */
const FRESH_MILLISECONDS = 60_000;
/** Orders that stand still while nothing happens: only in these may rows be fetched again without being asked. */
const STILL: readonly (FleetSearch["sort"] | "name")[] = ["name", "status", "provider", "os", "version", "uptime"];

/** Counts and filter choices of the whole fleet. */
export function useFleetSummary() {
  return useListNodes({ limit: 1 }, { query: { refetchInterval: refetchEvery(FRESH_MILLISECONDS) } });
}

export function useFleetRows(search: FleetSearch) {
  const queries = useQueryClient();
  const params = toParams(search);
  const refetchInterval = refetchEvery(STILL.includes(search.sort ?? "name") ? FRESH_MILLISECONDS : false);
  const [numbers, setNumbers] = useState<readonly number[]>([0]);
  const firstPage = useListNodes(
    { ...params, offset: 0, limit: PAGE },
    { query: { placeholderData: keepPreviousData, refetchInterval } },
  );
  const total = firstPage.data?.total;
  const pages = useQueries({
    queries: numbers.map((number) =>
      getListNodesQueryOptions({ ...params, offset: number * PAGE, limit: PAGE }, { query: { refetchInterval } }),
    ),
  });
  const byNumber = new Map<number, NodePage | undefined>([[0, firstPage.data]]);
  for (const [index, number] of numbers.entries()) byNumber.set(number, pages[index]?.data ?? byNumber.get(number));
  const rowAt = (index: number): NodeSummary | undefined => byNumber.get(Math.floor(index / PAGE))?.items[index % PAGE];
  const onRange = useCallback((first: number, last: number) => {
    // The same list while the same pages are in view: scrolling within them changes nothing here.
    const next = pagesOf(first, last);
    setNumbers((before) => (before.join() === next.join() ? before : next));
  }, []);
  const failed = firstPage.isError ? firstPage : pages.find((page) => page.isError);
  const visible = numbers.map((number) => byNumber.get(number)?.items ?? []);
  const retry = () => void queries.invalidateQueries({ queryKey: getListNodesQueryKey() });
  return { total, rowAt, onRange, visible, error: failed?.error ?? null, retry };
}

/** The numbers of the pages that hold these places. */
export function pagesOf(first: number, last: number): number[] {
  const start = Math.floor(first / PAGE);
  return Array.from({ length: Math.floor(last / PAGE) - start + 1 }, (_, index) => start + index);
}
