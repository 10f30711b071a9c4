import { Link } from "@tanstack/react-router";
import type { NodeSummary, Sparkline as SparklineValues } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatPercent, formatRate } from "@/shared/format/numbers";
import { shortSystem } from "@/shared/format/system";
import { formatExact } from "@/shared/format/time";
import { Sparkline } from "@/shared/sparkline/sparkline";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { type FilterBy, FilterValue } from "./filter-value";
import classes from "./fleet-columns.module.css";
import { DiskMeter, MemoryMeter, NodeState, Uptime } from "./node-values";

export interface FleetRow {
  node: NodeSummary;
  lines: SparklineValues | undefined;
}

/** The columns' names are the server's sort words. A click on a provider, system, version or tag filters by it. */
export function fleetColumns(filterBy: FilterBy): Column<FleetRow>[] {
  return [
    {
      id: "status",
      title: "Status",
      width: 88,
      grow: 0,
      sortable: true,
      cell: ({ node }) => <NodeState node={node} />,
      text: ({ node }) => (node.partly_seen ? `${node.status}, partly seen` : node.status),
    },
    {
      id: "name",
      title: "Name",
      width: 138,
      grow: 2,
      sortable: true,
      fixed: true,
      cell: ({ node }) => (
        <span className={classes.name}>
          <Link to="/nodes/$nodeId" params={{ nodeId: node.id }} className={classes.link}>
            <NodeText value={node.name} />
          </Link>
          <span className={classes.address}>
            <NodeText value={node.address} mono missing="" />
          </span>
        </span>
      ),
      text: ({ node }) => node.name,
    },
    {
      id: "address",
      title: "Address",
      width: 110,
      initially: false,
      cell: ({ node }) => <NodeText value={node.address} mono />,
      text: ({ node }) => node.address ?? "",
    },
    {
      id: "provider",
      title: "Provider",
      givesWay: 3,
      width: 80,
      sortable: true,
      cell: ({ node }) => <FilterValue by="provider" value={node.provider} filterBy={filterBy} />,
      text: ({ node }) => node.provider ?? "",
    },
    {
      id: "os",
      title: "OS",
      givesWay: 2,
      width: 102,
      sortable: true,
      cell: ({ node }) => (
        <FilterValue
          by="os"
          value={node.os_id}
          shown={node.os_name}
          short={shortSystem(node.os_name)}
          filterBy={filterBy}
        />
      ),
      text: ({ node }) => node.os_name ?? node.os_id ?? "",
    },
    {
      id: "tags",
      title: "Tags",
      givesWay: 1,
      width: 120,
      initially: false,
      cell: ({ node }) => (
        <span className={classes.tags}>
          {node.tags.map((tag) => (
            <FilterValue key={tag} by="tag" value={tag} filterBy={filterBy} />
          ))}
        </span>
      ),
      text: ({ node }) => node.tags.join(" "),
    },
    {
      id: "cpu",
      title: "CPU",
      width: 96,
      sortable: true,
      descendingFirst: true,
      cell: ({ node, lines }) => (
        <span className={classes.course}>
          <Sparkline values={lines?.cpu_percent} top={100} />
          <span className={classes.share}>{formatPercent(node.latest?.cpu_percent)}</span>
        </span>
      ),
      text: ({ node }) => number(node.latest?.cpu_percent),
    },
    {
      id: "memory",
      title: "Memory",
      width: 92,
      sortable: true,
      descendingFirst: true,
      cell: ({ node }) => <MemoryMeter latest={node.latest} />,
      text: ({ node }) => number(node.latest?.memory_percent),
    },
    {
      id: "disk",
      title: "Disk",
      width: 92,
      sortable: true,
      descendingFirst: true,
      cell: ({ node }) => <DiskMeter latest={node.latest} />,
      text: ({ node }) => number(node.latest?.disk_percent),
    },
    {
      id: "network",
      title: "Network",
      width: 116,
      sortable: true,
      descendingFirst: true,
      cell: ({ node, lines }) => (
        <span className={classes.course} title={traffic(node)}>
          <Sparkline values={lines?.network_bytes_per_second} />
          <span className={classes.rate}>{formatRate(bytesPerSecond(node))}</span>
        </span>
      ),
      text: ({ node }) => number(bytesPerSecond(node)),
    },
    {
      id: "uptime",
      title: "Up",
      givesWay: 4,
      width: 40,
      grow: 0,
      align: "end",
      sortable: true,
      descendingFirst: true,
      cell: ({ node }) => <Uptime node={node} />,
      text: ({ node }) => number(node.latest?.uptime_seconds),
    },
    {
      id: "version",
      title: "Agent",
      givesWay: 5,
      width: 46,
      grow: 0,
      sortable: true,
      cell: ({ node }) => <NodeText value={node.agent_version} mono />,
      text: ({ node }) => node.agent_version ?? "",
    },
    {
      id: "seen",
      title: "Seen",
      width: 78,
      grow: 0,
      align: "end",
      sortable: true,
      descendingFirst: true,
      cell: ({ node }) => <RelativeTime at={node.last_seen_at} />,
      text: ({ node }) => (node.last_seen_at ? formatExact(node.last_seen_at) : ""),
    },
  ];
}

/** In and out together; undefined before the first sample. */
export function bytesPerSecond({ latest }: NodeSummary): number | undefined {
  return latest ? latest.receive_bytes_per_second + latest.transmit_bytes_per_second : undefined;
}

function traffic({ latest }: NodeSummary): string | undefined {
  if (!latest) return undefined;
  return `in ${formatRate(latest.receive_bytes_per_second)}, out ${formatRate(latest.transmit_bytes_per_second)}`;
}

function number(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(Math.round(value * 10) / 10);
}
