/** The tabs of a node are links: each has its address, opens in a new tab, and Back leads back. */

import { ActionIcon, Menu } from "@mantine/core";
import { IconList } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { NodeDetail } from "@/api/generated/model";
import { formatCount } from "@/shared/format/numbers";
import { isIncomplete, nameOfSection } from "./coverage-words";
import classes from "./node-page.module.css";
import { searchOfTab, TABS, type Tab } from "./node-search";
import { prepareTab } from "./tab-parts";

const route = getRouteApi("/app/nodes/$nodeId");

export function NodeTabs({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const chosen = search.tab ?? "overview";
  const strip = useRef<HTMLElement>(null);
  // Where the strip is wider than its place, the chosen tab is the one to see.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is what moves the strip.
  useEffect(() => {
    const tab = strip.current?.querySelector("[aria-current=page]");
    tab?.scrollIntoView?.({ block: "nearest", inline: "center" });
  }, [chosen]);
  return (
    <div className={classes.strip}>
      {/* A name of its own for each tab: the router would put the strip back to where it was before the choice. */}
      <nav
        className={classes.tabs}
        aria-label="Parts of this node"
        ref={strip}
        data-scroll-restoration-id={`parts ${chosen}`}
      >
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
            data-absent={isAbsent(node, tab) || undefined}
            onPointerEnter={() => prepareTab(tab)}
            onFocus={() => prepareTab(tab)}
          >
            <TabWords node={node} tab={tab} />
          </Link>
        ))}
      </nav>
      <div className={classes.more}>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={32} aria-label="All parts of this node" title="All parts of this node">
              <IconList size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {TABS.map((tab) => (
              <Menu.Item
                key={tab}
                renderRoot={(props) => (
                  <Link to="/nodes/$nodeId" params={{ nodeId: node.id }} search={searchOfTab(search, tab)} {...props} />
                )}
              >
                <span className={classes.choice} data-chosen={tab === chosen || undefined}>
                  <TabWords node={node} tab={tab} />
                </span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  );
}

function TabWords({ node, tab }: { node: NodeDetail; tab: Tab }) {
  const count = node.section_counts[tab];
  return (
    <>
      {tab === "overview" ? "Overview" : tab === "coverage" ? "Coverage" : nameOfSection(tab)}
      {count ? <span className={classes.count}>{formatCount(count)}</span> : null}
      {tab === "coverage" && node.coverage.some(isIncomplete) ? (
        <span className={classes.partly} role="img" aria-label="partly seen" title="Partly seen">
          ▲
        </span>
      ) : null}
    </>
  );
}

/** What a node has none of is no news: its tab is there, and quiet. */
function isAbsent(node: NodeDetail, tab: Tab): boolean {
  return node.coverage.some((coverage) => coverage.section === tab && coverage.level === "absent");
}
