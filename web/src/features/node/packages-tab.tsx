/** Everything that package managers have installed on a node: thousands of rows, found by a few letters. */

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useListPackages, useListUpdates } from "@/api/generated/inventory/inventory";
import type { NodeDetail, PackageList, SeenUpdate, UpdateList } from "@/api/generated/model";
import type { Sort } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { FilterChips } from "./filter-chips";
import { ItemLink } from "./item-link";
import { PACKAGE_COLUMNS, type PackageRow, UpdateMark } from "./package-columns";
import { PackageDetail } from "./package-detail";
import classes from "./section.module.css";
import { SectionView, useShow } from "./section-view";
import { isPending, updateOfPackage } from "./updates";

const route = getRouteApi("/app/nodes/$nodeId");
const BY_NAME: Sort = { column: "name", descending: false };
const NONE: SeenUpdate[] = [];

export function PackagesTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const show = useShow();
  const list = useListPackages<PackageList, Error>(node.id);
  const updates = useListUpdates<UpdateList, Error>(node.id);
  const pending = useMemo(() => updates.data?.items.filter(isPending) ?? NONE, [updates.data]);
  const data = useMemo(() => {
    if (!list.data) return undefined;
    const updateOf = updateOfPackage(pending);
    return {
      ...list.data,
      items: list.data.items.map((one): PackageRow => ({ installed: one, update: updateOf(one) })),
    };
  }, [list.data, pending]);
  const { kind, state } = search;
  const matches = useCallback(
    (row: PackageRow) =>
      (kind === undefined || row.installed.manager === kind) && (state === undefined || isIn(row, state)),
    [kind, state],
  );
  const rows = data?.items;
  const managers = useMemo(() => countBy(rows ?? [], (row) => row.installed.manager), [rows]);
  const counts = useMemo(
    () => STATES.map(({ value }) => (rows ?? []).filter((row) => isIn(row, value)).length),
    [rows],
  );

  return (
    <SectionView
      node={node}
      section="packages"
      list={{ ...list, data }}
      columns={PACKAGE_COLUMNS}
      sort={BY_NAME}
      rowKey={rowKey}
      narrow={{ height: 58, row: narrowRow }}
      matches={matches}
      isFiltered={kind !== undefined || state !== undefined}
      emptyWords="Installed packages appear here with their version, source and size."
      detail={(row) => ({ title: row.installed.name, body: <PackageDetail node={node} row={row} /> })}
      filters={
        <>
          {managers.size > 1 || kind !== undefined ? (
            <FilterChips
              label="Package manager"
              chosen={kind}
              onChoose={(chosen) => show({ kind: chosen })}
              choices={[...managers].map(([value, count]) => ({ value, label: <NodeText value={value} />, count }))}
            />
          ) : null}
          <FilterChips
            label="State"
            chosen={STATES.find(({ value }) => value === state)?.value}
            onChoose={(chosen) => show({ state: chosen })}
            choices={STATES.map(({ value, label }, index) => ({ value, label, count: counts[index] ?? 0 }))}
          />
        </>
      }
    />
  );
}

const STATES = [
  { value: "update", label: "with an update" },
  { value: "held", label: "held" },
] as const;

function isIn(row: PackageRow, state: string): boolean {
  return state === "held" ? row.installed.held === true : state === "update" ? row.update !== undefined : true;
}

function rowKey(row: PackageRow): string {
  return row.installed.key;
}

function countBy<Row>(rows: readonly Row[], nameOf: (row: Row) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return counts;
}

function narrowRow({ installed, update }: PackageRow) {
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <ItemLink item={installed.key}>
          <NodeText value={installed.name} />
        </ItemLink>
        {update ? <UpdateMark update={update} /> : installed.held ? "held" : null}
      </span>
      <span className={classes.small}>
        <NodeText value={installed.version} mono />
      </span>
    </span>
  );
}
