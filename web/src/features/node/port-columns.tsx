import type { Port } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatExact } from "@/shared/format/time";
import { StatusMark } from "@/shared/status/status";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import type { CertificateRow } from "./certificate-rows";
import { VALIDITY_MARKS, validityWords } from "./certificate-validity";
import { ItemLink, TabLink } from "./item-link";
import type { Owner } from "./owners";
import classes from "./section.module.css";
import { PackageCell } from "./service-columns";
import { WHERE } from "./where-listening";

export interface PortRow {
  port: Port;
  owner: Owner;
  /** What it answers a TLS handshake with; the first to end comes first. */
  certificates: CertificateRow[];
}

export const PORT_COLUMNS: Column<PortRow>[] = [
  {
    id: "port",
    title: "Port",
    width: 64,
    grow: 0,
    align: "end",
    sortable: true,
    fixed: true,
    cell: ({ port }) => <ItemLink item={port.key}>{port.port}</ItemLink>,
    text: ({ port }) => String(port.port),
    order: ({ port }) => port.port,
  },
  {
    id: "protocol",
    title: "Protocol",
    width: 72,
    grow: 0,
    sortable: true,
    cell: ({ port }) => (
      <span title={port.takes_ipv4 ? "IPv4 arrives here too" : undefined}>
        {port.protocol}
        {port.takes_ipv4 ? <span className={classes.dim}> +4</span> : null}
      </span>
    ),
    text: ({ port }) => (port.takes_ipv4 ? `${port.protocol}, IPv4 too` : port.protocol),
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
    cell: ({ owner }) => <OwnerCell owner={owner} />,
    text: ({ owner, port }) => [ownerWords(owner), port.unit ?? ""].filter(Boolean).join(" "),
  },
  {
    id: "certificate",
    title: "Certificate",
    width: 200,
    sortable: true,
    givesWay: 1,
    cell: ({ certificates }) => <CertificateCell row={certificates[0]} more={certificates.length - 1} />,
    text: ({ certificates }) => certificates.map((row) => row.title).join(" "),
    order: ({ certificates }) => certificates[0]?.notAfter ?? null,
  },
  {
    id: "package",
    title: "Package",
    width: 110,
    sortable: true,
    givesWay: 2,
    cell: ({ port }) => <PackageCell name={port.package} />,
    text: ({ port }) => port.package ?? "",
  },
  {
    id: "process",
    title: "Process",
    width: 120,
    sortable: true,
    givesWay: 3,
    cell: ({ port }) => <NodeText value={port.process} mono />,
    text: ({ port }) => port.process ?? "",
  },
  {
    id: "pid",
    title: "PID",
    width: 72,
    grow: 0,
    initially: false,
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
    givesWay: 4,
    cell: ({ port }) => <RelativeTime at={port.seen_from} />,
    text: ({ port }) => formatExact(port.seen_from),
    order: ({ port }) => port.seen_from,
  },
];

export function OwnerCell({ owner }: { owner: Owner }) {
  if (owner.kind === "unknown") return <span className={classes.dim}>not visible to the agent</span>;
  if (owner.kind === "process") return <NodeText value={owner.name} mono />;
  return (
    <span className={classes.state}>
      <TabLink to={owner.search}>
        <NodeText value={owner.name} />
      </TabLink>
      <span className={classes.detail}>
        {owner.kind === "container" ? "container" : owner.detail ? <NodeText value={owner.detail} /> : null}
      </span>
    </span>
  );
}

function CertificateCell({ row, more }: { row: CertificateRow | undefined; more: number }) {
  if (!row) return <span className={classes.dim}>–</span>;
  return (
    <span className={classes.state}>
      <TabLink to={{ tab: "certificates", item: row.key }}>
        <NodeText value={row.title} />
      </TabLink>
      {row.validity === "good" ? null : (
        <StatusMark kind={VALIDITY_MARKS[row.validity]} label={validityWords(row, Date.now() / 1000)} />
      )}
      {more > 0 ? <span className={classes.more}>+{more}</span> : null}
    </span>
  );
}

function ownerWords(owner: Owner): string {
  if (owner.kind === "unknown") return "";
  if (owner.kind === "service" && owner.detail) return `${owner.name} (${owner.detail})`;
  return owner.name;
}
