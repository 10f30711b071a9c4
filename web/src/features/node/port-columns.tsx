import { Link } from "@tanstack/react-router";
import type { Port } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatExact } from "@/shared/format/time";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import type { Owner } from "./owners";
import classes from "./section.module.css";
import { WHERE } from "./where-listening";

export interface PortRow {
  port: Port;
  owner: Owner;
}

export function portColumns(nodeId: string): Column<PortRow>[] {
  return [
    {
      id: "port",
      title: "Port",
      width: 64,
      grow: 0,
      align: "end",
      sortable: true,
      fixed: true,
      cell: ({ port }) => port.port,
      text: ({ port }) => String(port.port),
      order: ({ port }) => port.port,
    },
    {
      id: "protocol",
      title: "Protocol",
      width: 72,
      grow: 0,
      sortable: true,
      cell: ({ port }) => port.protocol,
      text: ({ port }) => port.protocol,
    },
    {
      id: "address",
      title: "Address",
      width: 150,
      sortable: true,
      cell: ({ port }) => <NodeText value={port.address} mono />,
      text: ({ port }) => port.address,
    },
    {
      id: "where",
      title: "Where listening",
      width: 150,
      sortable: true,
      cell: ({ port }) => (
        <span
          className={WHERE[port.address_class].isOpen ? classes.open : classes.dim}
          title={WHERE[port.address_class].meaning}
        >
          {WHERE[port.address_class].words}
        </span>
      ),
      text: ({ port }) => WHERE[port.address_class].words,
    },
    {
      id: "owner",
      title: "Owner",
      width: 200,
      grow: 2,
      sortable: true,
      cell: ({ owner }) => <OwnerCell owner={owner} nodeId={nodeId} />,
      text: ({ owner, port }) => [ownerWords(owner), port.unit ?? ""].filter(Boolean).join(" "),
    },
    {
      id: "process",
      title: "Process",
      width: 120,
      sortable: true,
      cell: ({ port }) => <NodeText value={port.process} mono />,
      text: ({ port }) => port.process ?? "",
    },
    {
      id: "pid",
      title: "PID",
      width: 72,
      grow: 0,
      align: "end",
      sortable: true,
      cell: ({ port }) => port.pid ?? <span className={classes.dim}>–</span>,
      text: ({ port }) => String(port.pid ?? ""),
      order: ({ port }) => port.pid ?? null,
    },
    {
      id: "user",
      title: "User",
      width: 100,
      sortable: true,
      cell: ({ port }) => <NodeText value={port.user} />,
      text: ({ port }) => port.user ?? "",
    },
    {
      id: "since",
      title: "Seen since",
      width: 92,
      sortable: true,
      cell: ({ port }) => <RelativeTime at={port.seen_from} />,
      text: ({ port }) => formatExact(port.seen_from),
      order: ({ port }) => port.seen_from,
    },
  ];
}

export function OwnerCell({ owner, nodeId }: { owner: Owner; nodeId: string }) {
  if (owner.kind === "unknown") return <span className={classes.dim}>not visible to the agent</span>;
  if (owner.kind === "process") return <NodeText value={owner.name} mono />;
  return (
    <span className={classes.state}>
      <Link className={classes.owner} to="/nodes/$nodeId" params={{ nodeId }} search={{ ...owner.search }}>
        <NodeText value={owner.name} />
      </Link>
      <span className={classes.detail}>
        {owner.kind === "container" ? "container" : owner.detail ? <NodeText value={owner.detail} /> : null}
      </span>
    </span>
  );
}

function ownerWords(owner: Owner): string {
  if (owner.kind === "unknown") return "";
  if (owner.kind === "service" && owner.detail) return `${owner.name} (${owner.detail})`;
  return owner.name;
}
