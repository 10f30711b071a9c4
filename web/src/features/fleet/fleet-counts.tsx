import type { NodeCounts, NodeSummaryStatus } from "@/api/generated/model";
import { formatCount } from "@/shared/format/numbers";
import { Bone } from "@/shared/states/bone";
import { StatusMark } from "@/shared/status/status";
import classes from "./fleet-counts.module.css";
import type { FleetSearch } from "./fleet-search";

interface FleetCountsProps {
  counts: NodeCounts | undefined;
  search: FleetSearch;
  onChange: (change: Partial<FleetSearch>) => void;
}

const STATUSES: readonly NodeSummaryStatus[] = ["online", "silent", "waiting"];

/** Whether anything is wrong anywhere, in one line; each number shows its nodes. */
export function FleetCounts({ counts, search, onChange }: FleetCountsProps) {
  if (!counts) return <Bone width={320} height={14} />;
  const chosen = search.status ?? [];
  const toggle = (status: NodeSummaryStatus) =>
    onChange({ status: chosen.includes(status) ? chosen.filter((other) => other !== status) : [...chosen, status] });
  return (
    <div className={classes.counts}>
      <span className={classes.total}>{`${formatCount(counts.total)} ${counts.total === 1 ? "node" : "nodes"}`}</span>
      {STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          className={classes.count}
          aria-pressed={chosen.includes(status)}
          data-none={counts[status] === 0 || undefined}
          onClick={() => toggle(status)}
        >
          <StatusMark kind={status} label={`${formatCount(counts[status])} ${status}`} />
        </button>
      ))}
      <button
        type="button"
        className={classes.count}
        aria-pressed={search.partly === true}
        data-none={counts.partly_seen === 0 || undefined}
        onClick={() => onChange({ partly: !search.partly })}
      >
        <StatusMark kind="partly-seen" label={`${formatCount(counts.partly_seen)} partly seen`} />
      </button>
    </div>
  );
}
