/** The tabs of a node are links: each has its address, opens in a new tab, and Back leads back. */

import { getRouteApi, Link } from "@tanstack/react-router";
import type { NodeDetail } from "@/api/generated/model";
import { isIncomplete, nameOfSection } from "./coverage-words";
import classes from "./node-page.module.css";
import { searchOfTab, TABS, type Tab } from "./node-search";

const route = getRouteApi("/app/nodes/$nodeId");
const NAMES: Record<Tab, string> = {
  overview: "Overview",
  services: nameOfSection("services"),
  ports: nameOfSection("ports"),
  containers: nameOfSection("containers"),
  coverage: "Coverage",
};

export function NodeTabs({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const chosen = search.tab ?? "overview";
  return (
    <nav className={classes.tabs} aria-label="Parts of this node">
      {TABS.map((tab) => (
        <Link
          key={tab}
          to="/nodes/$nodeId"
          params={{ nodeId: node.id }}
          search={searchOfTab(search, tab)}
          className={classes.tab}
          // The router's own idea of an active link would mark every tab: they differ by search only.
          activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
          aria-current={tab === chosen ? "page" : undefined}
        >
          {NAMES[tab]}
          {node.section_counts[tab] === undefined ? null : (
            <span className={classes.count}>{node.section_counts[tab]}</span>
          )}
          {tab === "coverage" && node.coverage.some(isIncomplete) ? (
            <span className={classes.partly} role="img" aria-label="partly seen" title="Partly seen">
              ▲
            </span>
          ) : null}
        </Link>
      ))}
    </nav>
  );
}
