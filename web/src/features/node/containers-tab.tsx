/** The containers of a node. */

import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useListContainers, useListPorts } from "@/api/generated/inventory/inventory";
import type { ContainerList, NodeDetail, PortList } from "@/api/generated/model";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import { type ContainerRow, containerColumns } from "./container-columns";
import { FilterChips } from "./filter-chips";
import { readNodeSearch } from "./node-search";
import { portsOfContainer } from "./owners";
import classes from "./section.module.css";
import { SectionView } from "./section-view";
import { isStateKind, kindOfContainer, STATE_MARKS, STATE_WORDS, type StateKind } from "./states";

const route = getRouteApi("/app/nodes/$nodeId");
const KINDS: readonly StateKind[] = ["failed", "changing", "running", "off"];

export function ContainersTab({ node }: { node: NodeDetail }) {
  const columns = useMemo(() => containerColumns(node.id), [node.id]);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useListContainers<ContainerList, Error>(node.id);
  const ports = useListPorts<PortList, Error>(node.id);
  const data = useMemo(
    () =>
      list.data && {
        ...list.data,
        items: list.data.items.map(
          (container): ContainerRow => ({
            container,
            kind: kindOfContainer(container.state, container.health, container.exit_code),
            ports: portsOfContainer(container, ports.data?.items ?? []),
          }),
        ),
      },
    [list.data, ports.data],
  );
  const state = isStateKind(search.state) ? search.state : undefined;
  const rows = data?.items ?? [];

  return (
    <SectionView
      node={node}
      section="containers"
      list={{ ...list, data }}
      columns={columns}
      sort={{ column: "state", descending: false }}
      rowKey={(row) => row.container.key}
      narrow={{ height: 58, row: narrowRow }}
      matches={(row) => state === undefined || row.kind === state}
      isFiltered={state !== undefined}
      emptyWords="Containers appear here with their image, state, health and published ports."
      filters={
        <FilterChips
          label="State"
          chosen={state}
          onChoose={(chosen) =>
            void navigate({ search: readNodeSearch({ ...search, state: chosen }), replace: true, resetScroll: false })
          }
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

function narrowRow({ container, kind }: ContainerRow) {
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <NodeText value={container.name} />
        <StatusMark kind={STATE_MARKS[kind]} label={STATE_WORDS[kind]} />
      </span>
      <span className={classes.small}>
        <NodeText value={container.image} mono />
      </span>
    </span>
  );
}
