/** The listening ports of a node: where each can be reached from, and who owns it. */

import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useListContainers, useListPorts } from "@/api/generated/inventory/inventory";
import type { ContainerList, NodeDetail, PortAddressClass, PortList } from "@/api/generated/model";
import { NodeText } from "@/shared/text/node-text";
import { FilterChips } from "./filter-chips";
import { readNodeSearch } from "./node-search";
import { ownerOf } from "./owners";
import { OwnerCell, type PortRow, portColumns } from "./port-columns";
import classes from "./section.module.css";
import { SectionView } from "./section-view";
import { isWhere, WHERE } from "./where-listening";

const route = getRouteApi("/app/nodes/$nodeId");

export function PortsTab({ node }: { node: NodeDetail }) {
  const columns = useMemo(() => portColumns(node.id), [node.id]);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useListPorts<PortList, Error>(node.id);
  const containers = useListContainers<ContainerList, Error>(node.id);
  const data = useMemo(
    () =>
      list.data && {
        ...list.data,
        items: list.data.items.map((port): PortRow => ({ port, owner: ownerOf(port, containers.data?.items ?? []) })),
      },
    [list.data, containers.data],
  );
  const where = isWhere(search.where) ? search.where : undefined;
  const show = (change: Record<string, unknown>) =>
    void navigate({ search: readNodeSearch({ ...search, ...change }), replace: true, resetScroll: false });
  const rows = data?.items ?? [];
  const count = (test: (row: PortRow) => boolean) => rows.filter(test).length;
  const family = (row: PortRow) => (row.port.protocol.startsWith("tcp") ? "tcp" : "udp");

  return (
    <SectionView
      node={node}
      section="ports"
      list={{ ...list, data }}
      columns={columns}
      sort={{ column: "port", descending: false }}
      rowKey={(row) => row.port.key}
      narrow={{ height: 58, row: (row) => <NarrowPort row={row} nodeId={node.id} /> }}
      matches={(row) =>
        (where === undefined || row.port.address_class === where) &&
        (search.protocol === undefined || family(row) === search.protocol)
      }
      isFiltered={where !== undefined || search.protocol !== undefined}
      emptyWords="Listening ports appear here with the process, service or container behind them."
      filters={
        <>
          <FilterChips
            label="Where listening"
            chosen={where}
            onChoose={(chosen) => show({ where: chosen })}
            choices={(Object.keys(WHERE) as PortAddressClass[]).map((value) => ({
              value,
              label: WHERE[value].words,
              count: count((row) => row.port.address_class === value),
            }))}
          />
          <FilterChips
            label="Protocol"
            chosen={search.protocol}
            onChoose={(protocol) => show({ protocol })}
            choices={(["tcp", "udp"] as const).map((value) => ({
              value,
              label: value.toUpperCase(),
              count: count((row) => family(row) === value),
            }))}
          />
        </>
      }
    />
  );
}

function NarrowPort({ row, nodeId }: { row: PortRow; nodeId: string }) {
  const { port, owner } = row;
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <span>
          {port.port} <span className={classes.dim}>{port.protocol}</span>
        </span>
        <span className={classes.small}>{WHERE[port.address_class].words}</span>
      </span>
      <span className={classes.line}>
        <OwnerCell owner={owner} nodeId={nodeId} />
        <span className={classes.small}>
          <NodeText value={port.address} mono />
        </span>
      </span>
    </span>
  );
}
