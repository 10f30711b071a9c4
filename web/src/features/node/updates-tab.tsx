/** The updates that wait on a node, security first; and whether anybody keeps watch: the index, automatic updates. */

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useListPackages, useListUpdates } from "@/api/generated/inventory/inventory";
import type { NodeDetail, PackageList, SeenUpdate, SeenUpdateSource, UpdateList } from "@/api/generated/model";
import { useNow } from "@/shared/clock/clock";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatPercent } from "@/shared/format/numbers";
import { StatusMark } from "@/shared/status/status";
import type { Sort } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { Fact, Facts, LongText, TextFact, TimeFact } from "./facts";
import { FilterChips } from "./filter-chips";
import { ItemLink, TabLink } from "./item-link";
import classes from "./section.module.css";
import { SectionView, useShow } from "./section-view";
import { SecurityMark, UPDATE_COLUMNS } from "./update-columns";
import { automaticWords, isPending, isSource, kindOfUpdate, UPDATE_WORDS, type UpdateKind } from "./updates";

const route = getRouteApi("/app/nodes/$nodeId");
const SECURITY_FIRST: Sort = { column: "kind", descending: false };
const KINDS: readonly UpdateKind[] = ["security", "other", "unknown"];
/** An index is refreshed every day where it is refreshed at all. */
const OLD_INDEX_SECONDS = 3 * 86_400;

export function UpdatesTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const show = useShow();
  const list = useListUpdates<UpdateList, Error>(node.id);
  const data = useMemo(() => list.data && { ...list.data, items: list.data.items.filter(isPending) }, [list.data]);
  const sources = list.data?.items.filter(isSource) ?? [];
  const kind = KINDS.find((one) => one === search.kind);
  const isHeld = search.state === "held";
  const matches = useCallback(
    (update: SeenUpdate) => (kind === undefined || kindOfUpdate(update) === kind) && (!isHeld || update.held === true),
    [kind, isHeld],
  );
  const updates = data?.items ?? [];

  return (
    <SectionView
      node={node}
      section="updates"
      list={{ ...list, data }}
      columns={UPDATE_COLUMNS}
      sort={SECURITY_FIRST}
      rowKey={(update) => update.key}
      narrow={{ height: 58, row: narrowRow }}
      matches={matches}
      isFiltered={kind !== undefined || isHeld}
      emptyWords={
        sources.length > 0
          ? "As far as the package index knows, everything is up to date."
          : "Updates that wait appear here, those for security first."
      }
      summary={sources.length > 0 ? <Sources sources={sources} /> : undefined}
      detail={(update) => ({ title: update.name, body: <UpdateDetail node={node} update={update} /> })}
      filters={
        <FilterChips
          label="Kind"
          chosen={kind ?? (isHeld ? "held" : undefined)}
          onChoose={(chosen) =>
            show(chosen === "held" ? { kind: undefined, state: "held" } : { kind: chosen, state: undefined })
          }
          choices={[
            ...KINDS.map((value) => ({
              value,
              label: value === "security" ? <StatusMark kind="partly-seen" label="security" /> : UPDATE_WORDS[value],
              count: updates.filter((update) => kindOfUpdate(update) === value).length,
            })),
            { value: "held" as const, label: "held", count: updates.filter((update) => update.held).length },
          ]}
        />
      }
    />
  );
}

function Sources({ sources }: { sources: readonly SeenUpdateSource[] }) {
  return (
    <ul className={classes.summary}>
      {sources.map((source) => (
        <li key={source.key} className={classes.statement}>
          <strong>
            <NodeText value={source.manager} />
          </strong>
          <IndexAge at={source.index_refreshed_at} />
          <span className={classes.statement}>
            {source.automatic === "off" ? (
              <StatusMark kind="partly-seen" label={automaticWords(source)} />
            ) : (
              <NodeText value={automaticWords(source)} />
            )}
            {source.automatic_by ? (
              <span className={classes.dim}>
                by <NodeText value={source.automatic_by} />
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

function IndexAge({ at }: { at: number | null | undefined }) {
  const isOld = useNow((now) => at != null && now - at > OLD_INDEX_SECONDS);
  if (at == null) return <span className={classes.dim}>not known when its index was refreshed</span>;
  return (
    <span>
      {isOld ? <StatusMark kind="partly-seen" label="index refreshed" /> : "index refreshed"} <RelativeTime at={at} />
    </span>
  );
}

function UpdateDetail({ node, update }: { node: NodeDetail; update: SeenUpdate }) {
  const packages = useListPackages<PackageList, Error>(node.id).data?.items ?? [];
  const installed = packages.find((one) => one.manager === update.manager && one.name === update.name);
  return (
    <Facts>
      <Fact term="For">
        <SecurityMark update={update} />
      </Fact>
      <TextFact term="Installed" value={update.installed_version} mono />
      <TextFact term="Update" value={update.candidate_version} mono />
      {update.phased_percent == null ? null : (
        <Fact term="Phased">{`offered to ${formatPercent(update.phased_percent)} of machines so far`}</Fact>
      )}
      {update.held ? <Fact term="Held">yes: it is not installed with the others</Fact> : null}
      <TextFact term="From" value={update.origin} />
      <TextFact term="Manager" value={update.manager} />
      <TextFact term="Architecture" value={update.architecture} />
      <TimeFact term="Known since" at={update.seen_from} />
      <Fact term="Package">
        {installed ? (
          <TabLink to={{ tab: "packages", item: installed.key }}>
            <LongText value={installed.name} />
          </TabLink>
        ) : null}
      </Fact>
    </Facts>
  );
}

function narrowRow(update: SeenUpdate) {
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <ItemLink item={update.key}>
          <NodeText value={update.name} />
        </ItemLink>
        <SecurityMark update={update} />
      </span>
      <span className={classes.small}>
        <NodeText value={`${update.installed_version ?? "?"} → ${update.candidate_version}`} mono />
      </span>
    </span>
  );
}
