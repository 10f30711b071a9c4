/** The containers of a node. */

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useListContainers, useListPorts } from "@/api/generated/inventory/inventory";
import type { ContainerList, NodeDetail, PortList } from "@/api/generated/model";
import { StatusMark } from "@/shared/status/status";
import type { Sort } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { CONTAINER_COLUMNS, type ContainerRow } from "./container-columns";
import { ContainerDetail } from "./container-detail";
import { findUse, useContainerUse } from "./container-use";
import { FilterChips } from "./filter-chips";
import { ItemLink } from "./item-link";
import { portsOfContainer } from "./owners";
import classes from "./section.module.css";
import { SectionView, useShow } from "./section-view";
import { isStateKind, kindOfContainer, STATE_MARKS, STATE_WORDS, type StateKind } from "./states";

const route = getRouteApi("/app/nodes/$nodeId");
const KINDS: readonly StateKind[] = ["failed", "changing", "running", "off"];

export function ContainersTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const show = useShow();
  const list = useListContainers<ContainerList, Error>(node.id);
  const ports = useListPorts<PortList, Error>(node.id);
  const uses = useContainerUse(node.id);
  const data = useMemo(
    () =>
      list.data && {
        ...list.data,
        items: list.data.items.map(
          (container): ContainerRow => ({
            container,
            kind: kindOfContainer(container.state, container.health, container.exit_code),
            ports: portsOfContainer(container, ports.data?.items ?? []),
            use: container.state === "running" ? findUse(uses, container) : undefined,
          }),
        ),
      },
    [list.data, ports.data, uses],
  );
  const state = isStateKind(search.state) ? search.state : undefined;
  const matches = useCallback((row: ContainerRow) => state === undefined || row.kind === state, [state]);
  const rows = data?.items ?? [];

  return (
    <SectionView
      node={node}
      section="containers"
      list={{ ...list, data }}
      columns={CONTAINER_COLUMNS}
      sort={TROUBLE_FIRST}
      rowKey={rowKey}
      narrow={{ height: 58, row: narrowRow }}
      matches={matches}
      isFiltered={state !== undefined}
      emptyWords="Containers appear here with their image, state, health and published ports."
      detail={(row) => ({ title: row.container.name, body: <ContainerDetail row={row} /> })}
      filters={
        <FilterChips
          label="State"
          chosen={state}
          onChoose={(chosen) => show({ state: chosen })}
          choices={KINDS.map((kind) => ({
            value: kind,
            label: <StatusMark kind={STATE_MARKS[kind]} label={STATE_WORDS[kind]} />,
            count: rows.filter((row) => row.kind === kind).length,
          }))}
        />
      }
    />
  );
}

const TROUBLE_FIRST: Sort = { column: "state", descending: false };

function rowKey(row: ContainerRow): string {
  return row.container.key;
}

function narrowRow({ container, kind }: ContainerRow) {
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <ItemLink item={container.key}>
          <NodeText value={container.name} />
        </ItemLink>
        <StatusMark kind={STATE_MARKS[kind]} label={STATE_WORDS[kind]} />
      </span>
      <span className={classes.small}>
        <NodeText value={container.image} mono />
      </span>
    </span>
  );
}
