/** The services of a node, of the system and of its users. */

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useListPorts, useListServices } from "@/api/generated/inventory/inventory";
import type { NodeDetail, PortList, Service, ServiceList } from "@/api/generated/model";
import { StatusMark } from "@/shared/status/status";
import type { Sort } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { FilterChips } from "./filter-chips";
import { ItemLink } from "./item-link";
import { portsOfService } from "./owners";
import classes from "./section.module.css";
import { SectionView, useShow } from "./section-view";
import { kindOf, SERVICE_COLUMNS, type ServiceRow, stateWords } from "./service-columns";
import { ServiceDetail } from "./service-detail";
import { isStateKind, kindOfService, STATE_MARKS, STATE_WORDS, type StateKind } from "./states";

const route = getRouteApi("/app/nodes/$nodeId");
const KINDS: readonly StateKind[] = ["failed", "changing", "running", "done", "off"];

export function ServicesTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const show = useShow();
  const list = useListServices<ServiceList, Error>(node.id);
  const ports = useListPorts<PortList, Error>(node.id);
  const data = useMemo(
    () =>
      list.data && { ...list.data, items: list.data.items.map((service) => rowOf(service, ports.data?.items ?? [])) },
    [list.data, ports.data],
  );
  const state = isStateKind(search.state) ? search.state : undefined;
  const { kind, scope } = search;
  const matches = useCallback(
    (row: ServiceRow) =>
      (state === undefined || row.kind === state) &&
      (scope === undefined || row.service.scope === scope) &&
      (kind === undefined || sortOf(row.service) === kind),
    [state, scope, kind],
  );
  const rows = data?.items ?? [];
  const count = (test: (row: ServiceRow) => boolean) => rows.filter(test).length;
  const sorts = useMemo(() => [...new Set(list.data?.items.map(sortOf))].sort(bySort), [list.data]);

  return (
    <SectionView
      node={node}
      section="services"
      list={{ ...list, data }}
      columns={SERVICE_COLUMNS}
      sort={TROUBLE_FIRST}
      rowKey={rowKey}
      narrow={{ height: 58, row: narrowRow }}
      matches={matches}
      isFiltered={state !== undefined || scope !== undefined || kind !== undefined}
      emptyWords="Services of the system and of its users appear here with their state, memory and ports."
      detail={(row) => ({ title: row.service.unit, body: <ServiceDetail node={node} row={row} /> })}
      filters={
        <>
          <FilterChips
            label="State"
            chosen={state}
            onChoose={(chosen) => show({ state: chosen })}
            choices={KINDS.map((one) => ({
              value: one,
              label: <StatusMark kind={STATE_MARKS[one]} label={STATE_WORDS[one]} />,
              count: count((row) => row.kind === one),
            }))}
          />
          <FilterChips
            label="Scope"
            chosen={scope}
            onChoose={(chosen) => show({ scope: chosen })}
            choices={[
              { value: "system", label: "system", count: count((row) => row.service.scope === "system") },
              { value: "user", label: "of users", count: count((row) => row.service.scope === "user") },
            ]}
          />
          {sorts.length > 1 || kind !== undefined ? (
            <FilterChips
              label="Kind"
              chosen={kind}
              onChoose={(chosen) => show({ kind: chosen })}
              choices={sorts.map((one) => ({
                value: one,
                label: SORT_WORDS[one] ?? <NodeText value={one} />,
                count: count((row) => sortOf(row.service) === one),
              }))}
            />
          ) : null}
        </>
      }
    />
  );
}

const TROUBLE_FIRST: Sort = { column: "state", descending: false };
const SORT_WORDS: Readonly<Record<string, string>> = { systemd: "services", timer: "timers" };

function rowKey(row: ServiceRow): string {
  return row.service.key;
}

/** Timers are one sort; services are told apart by what manages them: systemd, cron, supervisord … */
function sortOf(service: Service): string {
  return kindOf(service) === "timer" ? "timer" : (service.manager ?? "systemd");
}

function bySort(one: string, other: string): number {
  const place = (sort: string) => (sort === "systemd" ? 0 : sort === "timer" ? 1 : 2);
  return place(one) - place(other) || one.localeCompare(other);
}

function rowOf(service: Service, ports: PortList["items"]): ServiceRow {
  return { service, kind: kindOfService(service.state, service.sub_state), ports: portsOfService(service, ports) };
}

function narrowRow({ service, kind }: ServiceRow) {
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <ItemLink item={service.key}>
          <NodeText value={service.unit} />
        </ItemLink>
        <StatusMark kind={STATE_MARKS[kind]} label={stateWords(service, kind)} />
      </span>
      <span className={classes.small}>
        {service.scope === "user" ? (
          <NodeText value={`user ${service.user ?? "?"}`} />
        ) : (
          <NodeText value={service.description} missing="system" />
        )}
      </span>
    </span>
  );
}
