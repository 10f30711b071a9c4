import type { Container, Port, PublishedPort } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatBytes, formatCount, formatPercent } from "@/shared/format/numbers";
import { formatExact } from "@/shared/format/time";
import { StatusMark } from "@/shared/status/status";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import type { ContainerUse } from "./container-use";
import { ItemLink, TabLink } from "./item-link";
import classes from "./section.module.css";
import { STATE_MARKS, STATE_ORDER, STATE_WORDS, type StateKind } from "./states";

export interface ContainerRow {
  container: Container;
  kind: StateKind;
  /** The node's listening ports that are this container's. */
  ports: Port[];
  /** What it uses now; undefined where the agent does not measure it. */
  use: ContainerUse | undefined;
}

export const CONTAINER_COLUMNS: Column<ContainerRow>[] = [
  {
    id: "name",
    title: "Container",
    width: 170,
    grow: 2,
    sortable: true,
    fixed: true,
    cell: ({ container }) => (
      <ItemLink item={container.key}>
        <NodeText value={container.name} />
      </ItemLink>
    ),
    text: ({ container }) => container.name,
  },
  {
    id: "state",
    title: "State",
    width: 170,
    sortable: true,
    cell: ({ container, kind }) => (
      <span className={classes.state}>
        <StatusMark kind={STATE_MARKS[kind]} label={STATE_WORDS[kind]} />
        <span className={classes.detail}>
          <NodeText value={detailOf(container, kind)} missing="" />
        </span>
      </span>
    ),
    text: ({ container, kind }) => `${STATE_WORDS[kind]} ${container.state} ${container.health ?? ""}`.trim(),
    order: ({ container, kind }) => `${STATE_ORDER[kind]} ${container.name}`,
  },
  {
    id: "image",
    title: "Image",
    width: 200,
    grow: 2,
    sortable: true,
    cell: ({ container }) => <NodeText value={container.image} mono />,
    text: ({ container }) => container.image,
  },
  {
    id: "ports",
    title: "Published ports",
    width: 170,
    cell: ({ container, ports }) => <Published container={container} hasPorts={ports.length > 0} />,
    text: ({ container }) => publishedWords(container.ports ?? []),
  },
  {
    id: "cpu",
    title: "CPU",
    width: 72,
    grow: 0,
    align: "end",
    sortable: true,
    descendingFirst: true,
    cell: ({ use }) => formatPercent(use?.cpuPercent),
    text: ({ use }) => String(use?.cpuPercent ?? ""),
    order: ({ use }) => use?.cpuPercent ?? null,
  },
  {
    id: "memory",
    title: "Memory",
    width: 84,
    grow: 0,
    align: "end",
    sortable: true,
    descendingFirst: true,
    cell: ({ use }) => formatBytes(use?.memoryBytes),
    text: ({ use }) => String(use?.memoryBytes ?? ""),
    order: ({ use }) => use?.memoryBytes ?? null,
  },
  {
    id: "restarts",
    title: "Restarts",
    width: 72,
    grow: 0,
    align: "end",
    sortable: true,
    descendingFirst: true,
    givesWay: 2,
    cell: ({ container }) =>
      container.restarts_total == null ? <span className={classes.dim}>–</span> : formatCount(container.restarts_total),
    text: ({ container }) => String(container.restarts_total ?? ""),
    order: ({ container }) => container.restarts_total ?? null,
  },
  {
    id: "started",
    title: "Started",
    width: 92,
    sortable: true,
    cell: ({ container }) =>
      container.started_at ? <RelativeTime at={container.started_at} /> : <span className={classes.dim}>–</span>,
    text: ({ container }) => (container.started_at ? formatExact(container.started_at) : ""),
    order: ({ container }) => container.started_at ?? null,
  },
  {
    id: "project",
    title: "Compose",
    width: 150,
    sortable: true,
    givesWay: 1,
    cell: ({ container }) => <NodeText value={composeWords(container)} />,
    text: ({ container }) => composeWords(container) ?? "",
  },
  {
    id: "runtime",
    title: "Runtime",
    width: 90,
    sortable: true,
    initially: false,
    cell: ({ container }) => <NodeText value={container.runtime} />,
    text: ({ container }) => container.runtime ?? "",
  },
  {
    id: "id",
    title: "Id",
    width: 110,
    initially: false,
    cell: ({ container }) => <NodeText value={container.key.slice(0, 12)} mono />,
    text: ({ container }) => container.key,
  },
];

function Published({ container, hasPorts }: { container: Container; hasPorts: boolean }) {
  const words = publishedWords(container.ports ?? []);
  if (!words) return <span className={classes.dim}>none</span>;
  if (!hasPorts) return <NodeText value={words} mono />;
  return (
    <TabLink to={{ tab: "ports", q: container.name }}>
      <NodeText value={words} mono />
    </TabLink>
  );
}

/** "8080→80/tcp": the node's port first, as one types it. A port that is only exposed has no arrow. */
export function publishedWords(ports: readonly PublishedPort[]): string {
  const words = ports.map((port) => {
    const inner = `${port.container_port}/${port.protocol}`;
    if (port.host_port === null || port.host_port === undefined) return inner;
    const isAny = !port.host_address || port.host_address === "0.0.0.0" || port.host_address === "::";
    return `${isAny ? "" : `${port.host_address}:`}${port.host_port}→${inner}`;
  });
  return [...new Set(words)].join(", ");
}

function composeWords(container: Container): string | null {
  if (!container.compose_project) return null;
  return container.compose_service
    ? `${container.compose_project} / ${container.compose_service}`
    : container.compose_project;
}

function detailOf(container: Container, kind: StateKind): string | null {
  if (container.state === "running") return container.health && container.health !== "none" ? container.health : null;
  const code = container.exit_code;
  const word = container.state === STATE_WORDS[kind] ? "" : container.state;
  return code === null || code === undefined ? word : `${word} (${code})`.trim();
}
