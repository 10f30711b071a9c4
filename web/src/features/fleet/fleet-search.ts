/** The fleet page's state as its address tells it. Unknown words are dropped: a shared link never breaks the page. */

import { type ListNodesParams, ListNodesSort, type NodeSummaryStatus } from "@/api/generated/model";

export interface FleetSearch {
  q?: string;
  status?: NodeSummaryStatus[];
  partly?: boolean;
  provider?: string[];
  os?: string[];
  tag?: string[];
  sort?: ListNodesSort;
  descending?: boolean;
  /** Absent: the table. */
  view?: "grid";
}

const STATUSES: readonly NodeSummaryStatus[] = ["online", "silent", "waiting"];

export function readFleetSearch(raw: { [Name in keyof FleetSearch]?: unknown }): FleetSearch {
  const search: FleetSearch = {
    q: typeof raw.q === "string" || typeof raw.q === "number" ? String(raw.q).slice(0, 200) : undefined,
    status: words(raw.status).filter((word): word is NodeSummaryStatus => STATUSES.some((known) => known === word)),
    partly: raw.partly === true,
    provider: words(raw.provider),
    os: words(raw.os),
    tag: words(raw.tag),
    sort: Object.values(ListNodesSort).find((known) => known === raw.sort),
    descending: raw.descending === true,
    view: raw.view === "grid" ? "grid" : undefined,
  };
  return withoutDefaults(search);
}

/** What says nothing stays out of the address. */
export function withoutDefaults(search: FleetSearch): FleetSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
  );
}

export function toParams(search: FleetSearch): ListNodesParams {
  const { partly, descending, view: _, ...rest } = search;
  return {
    ...rest,
    ...(partly ? { partly_seen: true } : {}),
    sort: search.sort ?? "name",
    order: descending ? "descending" : "ascending",
  };
}

export function isFiltered(search: FleetSearch): boolean {
  const { sort: _, descending: __, view: ___, ...filters } = withoutDefaults(search);
  return Object.keys(filters).length > 0;
}

function words(raw: unknown): string[] {
  const list = Array.isArray(raw) ? raw : [raw];
  return list
    .filter((word) => typeof word === "string" || typeof word === "number")
    .map((word) => String(word).slice(0, 200));
}
