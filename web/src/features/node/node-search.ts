/** What a node page's address says beside the node; unknown words fall back to the default. */
export interface NodeSearch {
  tab?: string;
}

export function readNodeSearch(raw: Record<string, unknown>): NodeSearch {
  return typeof raw.tab === "string" ? { tab: raw.tab } : {};
}
