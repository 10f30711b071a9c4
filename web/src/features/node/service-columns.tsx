import type { Port, Service, ServiceKind } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatBytes, formatCount } from "@/shared/format/numbers";
import { formatDuration, formatExact } from "@/shared/format/time";
import { StatusMark } from "@/shared/status/status";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { ItemLink, TabLink } from "./item-link";
import { portNumbers } from "./owners";
import classes from "./section.module.css";
import { STATE_MARKS, STATE_ORDER, STATE_WORDS, type StateKind } from "./states";

export interface ServiceRow {
  service: Service;
  kind: StateKind;
  ports: Port[];
}

/** What a service is, in words. */
export const SERVICE_KINDS: Readonly<Record<ServiceKind, string>> = {
  service: "service",
  timer: "timer",
  timetable: "timetable",
};

export function kindOf(service: Service): ServiceKind {
  return service.kind ?? "service";
}

export const SERVICE_COLUMNS: Column<ServiceRow>[] = [
  {
    id: "unit",
    title: "Service",
    width: 190,
    grow: 2,
    sortable: true,
    fixed: true,
    cell: ({ service }) => (
      <ItemLink item={service.key}>
        <NodeText value={service.unit} />
      </ItemLink>
    ),
    text: ({ service }) => service.unit,
  },
  {
    id: "state",
    title: "State",
    width: 150,
    sortable: true,
    cell: ({ service, kind }) => (
      <span className={classes.state}>
        <StatusMark kind={STATE_MARKS[kind]} label={stateWords(service, kind)} />
        <span className={classes.detail}>
          <NodeText value={detailOf(service, kind)} missing="" />
        </span>
      </span>
    ),
    text: ({ service, kind }) => `${STATE_WORDS[kind]} ${service.state} ${service.sub_state ?? ""}`.trim(),
    order: ({ service, kind }) => `${STATE_ORDER[kind]} ${service.unit}`,
  },
  {
    id: "kind",
    title: "Kind",
    width: 84,
    grow: 0,
    sortable: true,
    initially: false,
    cell: ({ service }) => SERVICE_KINDS[kindOf(service)],
    text: ({ service }) => SERVICE_KINDS[kindOf(service)],
  },
  {
    id: "scope",
    title: "Runs for",
    width: 120,
    sortable: true,
    cell: ({ service }) => <NodeText value={scopeWords(service)} />,
    text: ({ service }) => scopeWords(service),
  },
  {
    id: "since",
    title: "Since",
    width: 92,
    sortable: true,
    cell: ({ service }) =>
      service.since_at ? <RelativeTime at={service.since_at} /> : <span className={classes.dim}>–</span>,
    text: ({ service }) => (service.since_at ? formatExact(service.since_at) : ""),
    order: ({ service }) => service.since_at ?? null,
  },
  {
    id: "restarts",
    title: "Restarts",
    width: 72,
    grow: 0,
    align: "end",
    sortable: true,
    cell: ({ service }) => known(service.restarts_total, formatCount),
    text: ({ service }) => String(service.restarts_total ?? ""),
    order: ({ service }) => service.restarts_total ?? null,
  },
  {
    id: "memory",
    title: "Memory",
    width: 84,
    grow: 0,
    align: "end",
    sortable: true,
    cell: ({ service }) => known(service.memory_bytes, formatBytes),
    text: ({ service }) => String(service.memory_bytes ?? ""),
    order: ({ service }) => service.memory_bytes ?? null,
  },
  {
    id: "pid",
    title: "PID",
    width: 72,
    grow: 0,
    initially: false,
    align: "end",
    sortable: true,
    cell: ({ service }) => known(service.main_pid || null, String),
    text: ({ service }) => String(service.main_pid ?? ""),
    order: ({ service }) => service.main_pid || null,
  },
  {
    id: "ports",
    title: "Ports",
    width: 100,
    sortable: true,
    cell: ({ service, ports }) =>
      ports.length === 0 ? (
        <span className={classes.dim}>–</span>
      ) : (
        <TabLink to={{ tab: "ports", q: service.unit }}>{portNumbers(ports).join(", ")}</TabLink>
      ),
    text: ({ ports }) => portNumbers(ports).join(" "),
    order: ({ ports }) => portNumbers(ports)[0] ?? null,
  },
  {
    id: "next",
    title: "Next run",
    width: 92,
    grow: 0,
    sortable: true,
    givesWay: 3,
    cell: ({ service }) =>
      service.next_run_at ? <RelativeTime at={service.next_run_at} /> : <span className={classes.dim}>–</span>,
    text: ({ service }) => (service.next_run_at ? formatExact(service.next_run_at) : ""),
    order: ({ service }) => service.next_run_at ?? null,
  },
  {
    id: "package",
    title: "Package",
    width: 110,
    sortable: true,
    givesWay: 4,
    cell: ({ service }) => <PackageCell name={service.package} />,
    text: ({ service }) => service.package ?? "",
  },
  {
    id: "manager",
    title: "Manager",
    width: 90,
    sortable: true,
    initially: false,
    cell: ({ service }) => <NodeText value={service.manager ?? "systemd"} />,
    text: ({ service }) => service.manager ?? "systemd",
  },
  {
    id: "tasks",
    title: "Tasks",
    width: 64,
    grow: 0,
    align: "end",
    sortable: true,
    initially: false,
    cell: ({ service }) => known(service.tasks, formatCount),
    text: ({ service }) => String(service.tasks ?? ""),
    order: ({ service }) => service.tasks ?? null,
  },
  {
    id: "cpu",
    title: "CPU time",
    width: 92,
    grow: 0,
    align: "end",
    sortable: true,
    initially: false,
    cell: ({ service }) => known(service.cpu_seconds, formatDuration),
    text: ({ service }) => String(service.cpu_seconds ?? ""),
    order: ({ service }) => service.cpu_seconds ?? null,
  },
  {
    id: "file",
    title: "File",
    width: 200,
    sortable: true,
    initially: false,
    cell: ({ service }) => <NodeText value={service.unit_path} mono />,
    text: ({ service }) => service.unit_path ?? "",
  },
  {
    id: "description",
    title: "Description",
    width: 160,
    grow: 2,
    sortable: true,
    givesWay: 5,
    cell: ({ service }) => <NodeText value={service.description} />,
    text: ({ service }) => service.description ?? "",
  },
  {
    id: "enabled",
    title: "At boot",
    width: 90,
    sortable: true,
    initially: false,
    cell: ({ service }) => <NodeText value={service.enabled} />,
    text: ({ service }) => service.enabled ?? "",
  },
  {
    id: "process",
    title: "Process",
    width: 110,
    sortable: true,
    initially: false,
    cell: ({ service }) => <NodeText value={service.main_process} mono />,
    text: ({ service }) => service.main_process ?? "",
  },
];

/** What waits for its hour does not run. */
export function stateWords(service: Service, kind: StateKind): string {
  return kind === "running" && kindOf(service) !== "service" ? "waiting" : STATE_WORDS[kind];
}

/** A package that something belongs to; leads to it. */
export function PackageCell({ name }: { name: string | null | undefined }) {
  if (!name) return <span className={classes.dim}>–</span>;
  return (
    <TabLink to={{ tab: "packages", q: name }}>
      <NodeText value={name} />
    </TabLink>
  );
}

export function scopeWords(service: Service): string {
  if (service.scope === "user") return `user ${service.user ?? "?"}`;
  return service.user && service.user !== "root" ? `system, as ${service.user}` : "system";
}

/** What systemd says beyond the word, where it adds something. */
function detailOf(service: Service, kind: StateKind): string | null {
  const detail = service.sub_state ?? service.state;
  if (kind === "failed" && service.exit_code) {
    return detail === STATE_WORDS[kind] ? `exit ${service.exit_code}` : `${detail}, ${service.exit_code}`;
  }
  if (kind === "running" && kindOf(service) !== "service") return null;
  return detail === STATE_WORDS[kind] || kind === "off" || kind === "done" ? null : detail;
}

function known<Value>(value: Value | null | undefined, format: (value: Value) => string) {
  return value === null || value === undefined ? <span className={classes.dim}>–</span> : format(value);
}
