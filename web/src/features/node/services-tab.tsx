/** The services of a node, of the system and of its users. */

import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useListPorts, useListServices } from "@/api/generated/inventory/inventory";
import type { NodeDetail, PortList, Service, ServiceList } from "@/api/generated/model";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import { FilterChips } from "./filter-chips";
import { readNodeSearch } from "./node-search";
import { portsOfService } from "./owners";
import classes from "./section.module.css";
import { SectionView } from "./section-view";
import { type ServiceRow, serviceColumns } from "./service-columns";
import { isStateKind, kindOfService, STATE_MARKS, STATE_WORDS, type StateKind } from "./states";

const route = getRouteApi("/app/nodes/$nodeId");
const KINDS: readonly StateKind[] = ["failed", "changing", "running", "done", "off"];

export function ServicesTab({ node }: { node: NodeDetail }) {
  const columns = useMemo(() => serviceColumns(node.id), [node.id]);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useListServices<ServiceList, Error>(node.id);
  const ports = useListPorts<PortList, Error>(node.id);
  const data = useMemo(
    () =>
      list.data && { ...list.data, items: list.data.items.map((service) => rowOf(service, ports.data?.items ?? [])) },
    [list.data, ports.data],
  );
  const state = isStateKind(search.state) ? search.state : undefined;
  const show = (change: Record<string, unknown>) =>
    void navigate({ search: readNodeSearch({ ...search, ...change }), replace: true, resetScroll: false });
  const rows = data?.items ?? [];
  const count = (test: (row: ServiceRow) => boolean) => rows.filter(test).length;

  return (
    <SectionView
      node={node}
      section="services"
      list={{ ...list, data }}
      columns={columns}
      sort={{ column: "state", descending: false }}
      rowKey={(row) => row.service.key}
      narrow={{ height: 58, row: narrowRow }}
      matches={(row) =>
        (state === undefined || row.kind === state) &&
        (search.scope === undefined || row.service.scope === search.scope)
      }
      isFiltered={state !== undefined || search.scope !== undefined}
      emptyWords="Services of the system and of its users appear here with their state, memory and ports."
      filters={
        <>
          <FilterChips
            label="State"
            chosen={state}
            onChoose={(chosen) => show({ state: chosen })}
            choices={KINDS.map((kind) => ({
              value: kind,
              label: <StatusMark kind={STATE_MARKS[kind]} label={STATE_WORDS[kind]} />,
              count: count((row) => row.kind === kind),
            }))}
          />
          <FilterChips
            label="Scope"
            chosen={search.scope}
            onChoose={(scope) => show({ scope })}
            choices={[
              { value: "system", label: "system", count: count((row) => row.service.scope === "system") },
              { value: "user", label: "of users", count: count((row) => row.service.scope === "user") },
            ]}
          />
        </>
      }
    />
  );
}

function rowOf(service: Service, ports: PortList["items"]): ServiceRow {
  return { service, kind: kindOfService(service.state, service.sub_state), ports: portsOfService(service, ports) };
}

function narrowRow({ service, kind }: ServiceRow) {
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <NodeText value={service.unit} />
        <StatusMark kind={STATE_MARKS[kind]} label={STATE_WORDS[kind]} />
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
