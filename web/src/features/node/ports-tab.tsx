/** The listening ports of a node: where each can be reached from, and who owns it. */

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useListCertificates, useListContainers, useListPorts } from "@/api/generated/inventory/inventory";
import type { CertificateList, ContainerList, NodeDetail, PortAddressClass, PortList } from "@/api/generated/model";
import type { Sort } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { FilterChips } from "./filter-chips";
import { ItemLink } from "./item-link";
import { certificatesOfPorts, ownerOf } from "./owners";
import { OwnerCell, PORT_COLUMNS, type PortRow } from "./port-columns";
import { PortDetail } from "./port-detail";
import classes from "./section.module.css";
import { SectionView, useShow } from "./section-view";
import { isWhere, WHERE } from "./where-listening";

const route = getRouteApi("/app/nodes/$nodeId");

export function PortsTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const show = useShow();
  const list = useListPorts<PortList, Error>(node.id);
  const containers = useListContainers<ContainerList, Error>(node.id);
  const certificates = useListCertificates<CertificateList, Error>(node.id);
  const data = useMemo(
    () =>
      list.data && {
        ...list.data,
        items: list.data.items.map(
          (port): PortRow => ({
            port,
            owner: ownerOf(port, containers.data?.items ?? []),
            certificates: certificatesOfPorts([port], certificates.data?.items ?? []),
          }),
        ),
      },
    [list.data, containers.data, certificates.data],
  );
  const where = isWhere(search.where) ? search.where : undefined;
  const { protocol } = search;
  const matches = useCallback(
    (row: PortRow) =>
      (where === undefined || row.port.address_class === where) && (protocol === undefined || family(row) === protocol),
    [where, protocol],
  );
  const rows = data?.items ?? [];
  const count = (test: (row: PortRow) => boolean) => rows.filter(test).length;

  return (
    <SectionView
      node={node}
      section="ports"
      list={{ ...list, data }}
      columns={PORT_COLUMNS}
      sort={BY_NUMBER}
      rowKey={rowKey}
      narrow={{ height: 58, row: narrowRow }}
      matches={matches}
      isFiltered={where !== undefined || protocol !== undefined}
      emptyWords="Listening ports appear here with the process, service or container behind them."
      detail={(row) => ({
        title: `${row.port.protocol} port ${row.port.port}`,
        body: <PortDetail node={node} row={row} />,
      })}
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
            chosen={protocol}
            onChoose={(chosen) => show({ protocol: chosen })}
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

const BY_NUMBER: Sort = { column: "port", descending: false };

function rowKey(row: PortRow): string {
  return row.port.key;
}

function family(row: PortRow): "tcp" | "udp" {
  return row.port.protocol.startsWith("tcp") ? "tcp" : "udp";
}

function narrowRow(row: PortRow) {
  const { port, owner } = row;
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <ItemLink item={port.key}>
          {port.port}&nbsp;<span className={classes.dim}>{port.protocol}</span>
        </ItemLink>
        <span className={classes.small}>{WHERE[port.address_class].words}</span>
      </span>
      <span className={classes.line}>
        <OwnerCell owner={owner} />
        <span className={classes.small}>
          <NodeText value={port.address} mono />
        </span>
      </span>
    </span>
  );
}
