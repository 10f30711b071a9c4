/**
 * The fleet's rows, fetched a hundred at a time as they are scrolled to, and kept fresh by events. Values change in
 * place; rows are fetched again, and may move, only when the fleet itself or what is filtered by has changed.
 */

import { keepPreviousData, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import type { NodePage, NodeSummary } from "@/api/generated/model";
import { getListNodesQueryKey, getListNodesQueryOptions, useListNodes } from "@/api/generated/nodes/nodes";
import { useLiveBatches } from "@/shared/live/live";
import { type FleetSearch, toParams } from "./fleet-search";
import { patchPage } from "./patch-nodes";

export const PAGE = 100;
const REFETCH_MILLISECONDS = 2000;

/** Counts and filter choices of the whole fleet. */
export function useFleetSummary() {
  return useListNodes({ limit: 1 });
}

export function useFleetRows(search: FleetSearch) {
  const queries = useQueryClient();
  const params = toParams(search);
  const [numbers, setNumbers] = useState<readonly number[]>([0]);
  const firstPage = useListNodes(
    { ...params, offset: 0, limit: PAGE },
    { query: { placeholderData: keepPreviousData } },
  );
  const total = firstPage.data?.total;
  const pages = useQueries({
    queries: numbers.map((number) => getListNodesQueryOptions({ ...params, offset: number * PAGE, limit: PAGE })),
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

/** Applies live events to every page that is kept. */
export function useFleetLive(search: FleetSearch): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const watchesStatus = search.status !== undefined || search.partly === true || search.sort === "status";
  useLiveBatches((batch) => {
    const nodes = { queryKey: getListNodesQueryKey() };
    queries.setQueriesData<NodePage>(nodes, (page) => (page ? patchPage(page, batch) : page));
    if (batch.status.length + batch.fleet.length === 0) return;
    const rowsToo = batch.fleet.length > 0 || watchesStatus;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries(rowsToo ? nodes : { queryKey: getListNodesQueryKey({ limit: 1 }) });
    }, REFETCH_MILLISECONDS);
  });
}
