import type { Package, SeenUpdate } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatBytes } from "@/shared/format/numbers";
import { formatExact } from "@/shared/format/time";
import { StatusMark } from "@/shared/status/status";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { ItemLink } from "./item-link";
import classes from "./section.module.css";

export interface PackageRow {
  installed: Package;
  /** The update that waits for it. */
  update: SeenUpdate | undefined;
}

export const PACKAGE_COLUMNS: Column<PackageRow>[] = [
  {
    id: "name",
    title: "Package",
    width: 200,
    grow: 2,
    sortable: true,
    fixed: true,
    cell: ({ installed }) => (
      <ItemLink item={installed.key}>
        <NodeText value={installed.name} />
      </ItemLink>
    ),
    text: ({ installed }) => installed.name,
  },
  {
    id: "version",
    title: "Version",
    width: 170,
    grow: 2,
    sortable: true,
    cell: ({ installed }) => <NodeText value={installed.version} mono />,
    text: ({ installed }) => installed.version,
  },
  {
    id: "update",
    title: "Update",
    width: 170,
    grow: 2,
    sortable: true,
    cell: ({ update }) =>
      update ? (
        <span className={classes.state}>
          <UpdateMark update={update} />
          <NodeText value={update.candidate_version} mono />
        </span>
      ) : (
        <span className={classes.dim}>–</span>
      ),
    text: ({ update }) => (update ? `${update.candidate_version}${update.security ? " security" : ""}` : ""),
    order: ({ update }) => (update ? (update.security ? 0 : 1) : null),
  },
  {
    id: "held",
    title: "Held",
    width: 64,
    grow: 0,
    sortable: true,
    cell: ({ installed }) => (installed.held ? "held" : <span className={classes.dim}>–</span>),
    text: ({ installed }) => (installed.held ? "held" : ""),
    order: ({ installed }) => (installed.held ? 0 : null),
  },
  {
    id: "manager",
    title: "Manager",
    width: 80,
    grow: 0,
    sortable: true,
    givesWay: 2,
    cell: ({ installed }) => <NodeText value={installed.manager} />,
    text: ({ installed }) => installed.manager,
  },
  {
    id: "architecture",
    title: "For",
    width: 72,
    grow: 0,
    sortable: true,
    givesWay: 3,
    cell: ({ installed }) => <NodeText value={installed.architecture} />,
    text: ({ installed }) => installed.architecture ?? "",
  },
  {
    id: "source",
    title: "Source",
    width: 130,
    sortable: true,
    givesWay: 1,
    cell: ({ installed }) => <NodeText value={installed.source} />,
    text: ({ installed }) => installed.source ?? "",
  },
  {
    id: "size",
    title: "Size",
    width: 84,
    grow: 0,
    align: "end",
    sortable: true,
    descendingFirst: true,
    cell: ({ installed }) => formatBytes(installed.size_bytes),
    text: ({ installed }) => String(installed.size_bytes ?? ""),
    order: ({ installed }) => installed.size_bytes ?? null,
  },
  {
    id: "since",
    title: "So since",
    width: 92,
    sortable: true,
    descendingFirst: true,
    givesWay: 4,
    cell: ({ installed }) => <RelativeTime at={installed.seen_from} />,
    text: ({ installed }) => formatExact(installed.seen_from),
    order: ({ installed }) => installed.seen_from,
  },
];

/** Whether an update is for security, by shape and word. */
export function UpdateMark({ update }: { update: SeenUpdate }) {
  return update.security ? (
    <StatusMark kind="partly-seen" label="security" />
  ) : (
    <StatusMark kind="off" label="update" />
  );
}
