import type { SeenUpdate } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatExact } from "@/shared/format/time";
import { StatusMark } from "@/shared/status/status";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { ItemLink } from "./item-link";
import classes from "./section.module.css";
import { kindOfUpdate, UPDATE_WORDS } from "./updates";

const ORDER = { security: 0, unknown: 1, other: 2 } as const;

export const UPDATE_COLUMNS: Column<SeenUpdate>[] = [
  {
    id: "name",
    title: "Package",
    width: 190,
    grow: 2,
    sortable: true,
    fixed: true,
    cell: (update) => (
      <ItemLink item={update.key}>
        <NodeText value={update.name} />
      </ItemLink>
    ),
    text: (update) => update.name,
  },
  {
    id: "kind",
    title: "For",
    width: 110,
    grow: 0,
    sortable: true,
    cell: (update) => <SecurityMark update={update} />,
    text: (update) => UPDATE_WORDS[kindOfUpdate(update)],
    order: (update) => `${ORDER[kindOfUpdate(update)]} ${update.name}`,
  },
  {
    id: "installed",
    title: "Installed",
    width: 160,
    grow: 2,
    sortable: true,
    cell: (update) => <NodeText value={update.installed_version} mono />,
    text: (update) => update.installed_version ?? "",
  },
  {
    id: "candidate",
    title: "Update",
    width: 160,
    grow: 2,
    sortable: true,
    cell: (update) => <NodeText value={update.candidate_version} mono />,
    text: (update) => update.candidate_version,
  },
  {
    id: "held",
    title: "Held",
    width: 60,
    grow: 0,
    sortable: true,
    cell: (update) => (update.held ? "held" : <span className={classes.dim}>–</span>),
    text: (update) => (update.held ? "held" : ""),
    order: (update) => (update.held ? 0 : null),
  },
  {
    id: "origin",
    title: "From",
    width: 170,
    sortable: true,
    givesWay: 1,
    cell: (update) => <NodeText value={update.origin} />,
    text: (update) => update.origin ?? "",
  },
  {
    id: "manager",
    title: "Manager",
    width: 80,
    grow: 0,
    sortable: true,
    givesWay: 2,
    cell: (update) => <NodeText value={update.manager} />,
    text: (update) => update.manager,
  },
  {
    id: "since",
    title: "Known since",
    width: 96,
    grow: 0,
    sortable: true,
    cell: (update) => <RelativeTime at={update.seen_from} />,
    text: (update) => formatExact(update.seen_from),
    order: (update) => update.seen_from,
  },
];

export function SecurityMark({ update }: { update: SeenUpdate }) {
  const kind = kindOfUpdate(update);
  if (kind === "security") return <StatusMark kind="partly-seen" label="security" />;
  return <span className={classes.dim}>{kind === "other" ? "other" : "not told"}</span>;
}
