/** The firewall of a node: which one decides, and its rules in their order, chain by chain. */

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useListFirewall } from "@/api/generated/inventory/inventory";
import type { FirewallList, NodeDetail } from "@/api/generated/model";
import { NodeText } from "@/shared/text/node-text";
import { FilterChips } from "./filter-chips";
import { ChainHeading, columnsFor, narrowRule } from "./firewall-columns";
import { RuleDetail } from "./firewall-detail";
import { arrangeRules, type ChainRow, type FirewallRow, firewallView, isBase } from "./firewall-rows";
import { FirewallSummary } from "./firewall-summary";
import { SectionView, useShow } from "./section-view";

const route = getRouteApi("/app/nodes/$nodeId");
const NO_OWNER = "none";

export function FirewallTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const show = useShow();
  const list = useListFirewall<FirewallList, Error>(node.id);
  const view = useMemo(() => firewallView(list.data?.items ?? []), [list.data]);
  const data = useMemo(
    () => list.data && { ...list.data, items: view.rules as readonly FirewallRow[] },
    [list.data, view],
  );
  const columns = useMemo(() => columnsFor(view.rules), [view]);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const isOpen = useCallback((chain: ChainRow) => isOpenAtFirst(chain) !== turned.has(chain.key), [turned]);
  const turn = useCallback(
    (key: string) =>
      setTurned((before) => {
        const after = new Set(before);
        if (!after.delete(key)) after.add(key);
        return after;
      }),
    [],
  );
  const { kind, where } = search;
  const matches = useCallback(
    (row: FirewallRow) =>
      row.kind === "rule" &&
      (kind === undefined || ownerOf(row, view.chains) === kind) &&
      (where === undefined || row.rule.backend === where),
    [kind, where, view],
  );
  const hasNarrowed = Boolean(search.q) || kind !== undefined || where !== undefined;
  const arrange = useCallback(
    (found: readonly FirewallRow[]) => arrangeRules(found, view.chains, isOpen, hasNarrowed),
    [view, isOpen, hasNarrowed],
  );
  const heading = useCallback(
    (row: FirewallRow) => (row.kind === "chain" ? <ChainHeading row={row} onTurn={turn} /> : null),
    [turn],
  );
  const owners = useMemo(() => counts(view.rules.map((row) => ownerOf(row, view.chains))), [view]);
  const backends = useMemo(() => counts(view.rules.map((row) => row.rule.backend)), [view]);

  return (
    <SectionView
      node={node}
      section="firewall"
      list={{ ...list, data }}
      columns={columns}
      rowKey={(row) => row.key}
      narrow={{ height: 58, row: narrowRule }}
      matches={matches}
      isFiltered={kind !== undefined || where !== undefined}
      itemWords="rules"
      emptyWords={
        view.backends.length > 0
          ? "No firewall of this machine has a rule: everything that listens can be reached."
          : "Rules appear here chain by chain, with the firewall that decides."
      }
      summary={view.backends.length > 0 ? <FirewallSummary view={view} /> : undefined}
      arrange={arrange}
      heading={heading}
      detail={(row) => ({
        title: row.kind === "rule" ? `${row.rule.action} in ${row.rule.chain}` : row.chain.name,
        body: row.kind === "rule" ? <RuleDetail row={row} /> : null,
      })}
      filters={
        <>
          {backends.size > 1 || where !== undefined ? (
            <FilterChips
              label="Firewall"
              chosen={where}
              onChoose={(chosen) => show({ where: chosen })}
              choices={[...backends].map(([value, count]) => ({ value, label: <NodeText value={value} />, count }))}
            />
          ) : null}
          {owners.size > 1 || kind !== undefined ? (
            <FilterChips
              label="Whose rules"
              chosen={kind}
              onChoose={(chosen) => show({ kind: chosen })}
              choices={[...owners].map(([value, count]) => ({
                value,
                label: value === NO_OWNER ? "by hand" : <NodeText value={`of ${value}`} />,
                count,
              }))}
            />
          ) : null}
        </>
      }
    />
  );
}

/** What programs like Docker keep for themselves is long and rarely what one looks for. */
function isOpenAtFirst(chain: ChainRow): boolean {
  return !chain.chain.owner || (isBase(chain) && chain.rules <= 12);
}

function ownerOf(row: FirewallRow, chains: readonly ChainRow[]): string {
  if (row.kind === "chain") return row.chain.owner ?? NO_OWNER;
  return row.rule.owner ?? chains.find((chain) => chain.key === row.chainKey)?.chain.owner ?? NO_OWNER;
}

function counts(names: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
}
