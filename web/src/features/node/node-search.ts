/** What a node page's address says beside the node: tab, window of time, filters. Unknown words fall back to the default. */

export const TABS = [
  "overview",
  "services",
  "ports",
  "containers",
  "certificates",
  "packages",
  "updates",
  "firewall",
  "users",
  "coverage",
] as const;
export type Tab = (typeof TABS)[number];

/** As long as the server lets a key be. */
const LONGEST_KEY = 512;

export const RANGES = { "1h": 3600, "6h": 6 * 3600, "24h": 86_400, "7d": 7 * 86_400, "30d": 30 * 86_400 } as const;
export type RangeName = keyof typeof RANGES;

export type NodeSearch = {
  /** Absent: overview. */
  tab?: Exclude<Tab, "overview">;
  /** Absent: the last hour. */
  range?: Exclude<RangeName, "1h">;
  /** A part of the past (Unix seconds), instead of `range`; both or none. */
  from?: number;
  to?: number;
  /** Words to search a table for. */
  q?: string;
  /** A column's id; with a minus sign in front: descending. */
  sort?: string;
  /** A kind of state: of services, containers, certificates. */
  state?: string;
  /** What sort of thing: service or timer, which package manager, whose firewall chain. */
  kind?: string;
  /** The key of the one item whose details are open. */
  item?: string;
  scope?: "system" | "user";
  /** Where a port listens. */
  where?: string;
  protocol?: "tcp" | "udp";
};

export function readNodeSearch(raw: Record<string, unknown>): NodeSearch {
  const search: NodeSearch = {};
  const tab = TABS.find((one) => one === raw.tab);
  if (tab !== undefined && tab !== "overview") search.tab = tab;
  const from = moment(raw.from);
  const to = moment(raw.to);
  if (from !== undefined && to !== undefined && from < to) {
    search.from = from;
    search.to = to;
  } else if (isRange(raw.range) && raw.range !== "1h") search.range = raw.range;
  const q = word(raw.q);
  if (q) search.q = q;
  const sort = word(raw.sort);
  if (sort) search.sort = sort;
  const state = word(raw.state);
  if (state) search.state = state;
  const kind = word(raw.kind);
  if (kind) search.kind = kind;
  const item = word(raw.item, LONGEST_KEY);
  if (item) search.item = item;
  const where = word(raw.where);
  if (where) search.where = where;
  if (raw.scope === "system" || raw.scope === "user") search.scope = raw.scope;
  if (raw.protocol === "tcp" || raw.protocol === "udp") search.protocol = raw.protocol;
  return search;
}

/** What an address is without its filters. */
export const NO_FILTERS: NodeSearch = {
  q: undefined,
  state: undefined,
  kind: undefined,
  scope: undefined,
  where: undefined,
  protocol: undefined,
};

/** What stays when the tab changes: the window of time, not the filters of another table. */
export function searchOfTab(search: NodeSearch, tab: Tab): NodeSearch {
  const { range, from, to } = search;
  return readNodeSearch({ tab, range, from, to });
}

function isRange(value: unknown): value is RangeName {
  return typeof value === "string" && Object.hasOwn(RANGES, value);
}

function moment(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

// A search typed as "6379" arrives as a number.
function word(value: unknown, longest = 256): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value).slice(0, longest) : undefined;
}
