import { RelativeTime } from "@/shared/clock/relative-time";
import { formatDay } from "@/shared/format/time";
import { StatusMark } from "@/shared/status/status";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { type CertificateRow, commonName, troublesOf } from "./certificate-rows";
import { VALIDITY_MARKS, VALIDITY_WORDS, validityWords } from "./certificate-validity";
import { ItemLink, TabLink } from "./item-link";
import classes from "./section.module.css";

export const CERTIFICATE_COLUMNS: Column<CertificateRow>[] = [
  {
    id: "name",
    title: "Certificate",
    width: 180,
    grow: 2,
    sortable: true,
    fixed: true,
    cell: (row) => (
      <span className={classes.state}>
        <ItemLink item={row.key}>
          <NodeText value={row.title} />
        </ItemLink>
        {moreNames(row) > 0 ? <span className={classes.more}>and {moreNames(row)} more</span> : null}
      </span>
    ),
    text: ({ title, certificate }) =>
      [...new Set([title, ...(certificate.names ?? []), certificate.subject])].join(" "),
    order: (row) => row.title,
  },
  {
    id: "left",
    title: "Valid",
    width: 140,
    sortable: true,
    fixed: true,
    cell: (row) => <ValidityCell row={row} />,
    text: (row) => `${VALIDITY_WORDS[row.validity]}, until ${formatDay(new Date(row.notAfter * 1000))}`,
    order: (row) => row.notAfter,
  },
  {
    id: "trouble",
    title: "To see to",
    width: 180,
    sortable: true,
    cell: (row) => <TroubleCell row={row} />,
    text: (row) => troublesOf(row).join(", "),
    order: (row) => troublesOf(row).join(", ") || null,
  },
  {
    id: "served",
    title: "Served on",
    width: 130,
    sortable: true,
    cell: (row) => <ServedCell row={row} />,
    text: (row) =>
      row.served.map((place) => `${place.address ?? ""}:${place.port} ${place.server_name ?? ""}`).join(" "),
    order: (row) => row.served[0]?.port ?? null,
  },
  {
    id: "files",
    title: "On disk",
    width: 180,
    grow: 2,
    sortable: true,
    givesWay: 2,
    cell: (row) => (
      <span className={classes.state}>
        <NodeText value={row.files[0]?.path} mono />
        {row.files.length > 1 ? <span className={classes.more}>and {row.files.length - 1} more</span> : null}
      </span>
    ),
    text: (row) => row.files.map((file) => file.path ?? "").join(" "),
  },
  {
    id: "renewal",
    title: "Renewed by",
    width: 100,
    sortable: true,
    givesWay: 1,
    cell: (row) => <NodeText value={renewerOf(row)} />,
    text: (row) => renewerOf(row) ?? "",
  },
  {
    id: "issuer",
    title: "Issuer",
    width: 130,
    sortable: true,
    givesWay: 3,
    cell: ({ certificate }) =>
      certificate.self_signed ? "self-signed" : <NodeText value={commonName(certificate.issuer)} />,
    text: ({ certificate }) => (certificate.self_signed ? `self-signed ${certificate.issuer}` : certificate.issuer),
  },
  {
    id: "until",
    title: "Until",
    width: 100,
    grow: 0,
    sortable: true,
    givesWay: 4,
    cell: (row) => formatDay(new Date(row.notAfter * 1000)),
    text: (row) => formatDay(new Date(row.notAfter * 1000)),
    order: (row) => row.notAfter,
  },
  {
    id: "key",
    title: "Key",
    width: 100,
    sortable: true,
    initially: false,
    cell: (row) => <NodeText value={keyWords(row)} />,
    text: (row) => keyWords(row) ?? "",
  },
  {
    id: "since",
    title: "Issued",
    width: 92,
    sortable: true,
    initially: false,
    cell: (row) => <RelativeTime at={row.notBefore} />,
    text: (row) => formatDay(new Date(row.notBefore * 1000)),
    order: (row) => row.notBefore,
  },
];

export function ValidityCell({ row }: { row: CertificateRow }) {
  return <StatusMark kind={VALIDITY_MARKS[row.validity]} label={validityWords(row, Date.now() / 1000)} />;
}

export function TroubleCell({ row }: { row: CertificateRow }) {
  const troubles = troublesOf(row);
  if (troubles.length === 0) return <span className={classes.dim}>–</span>;
  return (
    <StatusMark
      kind="partly-seen"
      label={troubles.length > 1 ? `${troubles[0]} +${troubles.length - 1}` : troubles[0]}
    />
  );
}

function ServedCell({ row }: { row: CertificateRow }) {
  const ports = [...new Set(row.served.flatMap((place) => place.port ?? []))].sort((a, b) => a - b);
  if (ports.length === 0) return <span className={classes.dim}>not served</span>;
  return (
    <span className={classes.ports}>
      {ports.map((port) => (
        <TabLink key={port} to={{ tab: "ports", q: String(port) }}>
          {port}
        </TabLink>
      ))}
    </span>
  );
}

function moreNames({ title, certificate }: CertificateRow): number {
  return new Set((certificate.names ?? []).filter((name) => name !== title)).size;
}

export function renewerOf(row: CertificateRow): string | null {
  return [...row.files, ...row.served].find((place) => place.renewed_by)?.renewed_by ?? null;
}

/** "RSA 2048", "EC P-256". */
export function keyWords({ certificate }: CertificateRow): string | null {
  if (!certificate.key_type) return null;
  return certificate.key_bits ? `${certificate.key_type}, ${certificate.key_bits} bits` : certificate.key_type;
}
