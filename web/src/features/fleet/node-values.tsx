/** The values of a node that a table row and a phone's row show alike. */

import type { LatestSample, NodeSummary } from "@/api/generated/model";
import { useNow } from "@/shared/clock/clock";
import { formatBytes } from "@/shared/format/numbers";
import { formatExact, formatLargestUnit } from "@/shared/format/time";
import { Meter } from "@/shared/meter/meter";
import { StatusMark } from "@/shared/status/status";
import classes from "./node-values.module.css";

export function NodeState({ node }: { node: NodeSummary }) {
  return (
    <span className={classes.state}>
      <StatusMark kind={node.status} />
      {node.partly_seen ? <StatusMark kind="partly-seen" quiet /> : null}
    </span>
  );
}

type Latest = LatestSample | null | undefined;

export function MemoryMeter({ latest }: { latest: Latest }) {
  const title = latest
    ? `${formatBytes(latest.memory_used_bytes)} of ${formatBytes(latest.memory_total_bytes)}`
    : undefined;
  return <Meter percent={latest?.memory_percent} label="memory" title={title} />;
}

export function DiskMeter({ latest }: { latest: Latest }) {
  const known = latest?.disk_used_bytes !== null && latest?.disk_used_bytes !== undefined;
  const title = known ? `${formatBytes(latest.disk_used_bytes)} of ${formatBytes(latest.disk_total_bytes)}` : undefined;
  return <Meter percent={latest?.disk_percent} label="disk" title={title} />;
}

/** Ticks while the node reports; of a node that fell silent only what it last said is known. */
export function Uptime({ node }: { node: NodeSummary }) {
  const reported = node.latest?.uptime_seconds;
  const ticking = node.status === "online" && node.boot_at ? node.boot_at : undefined;
  const words = useNow((now) => formatLargestUnit(ticking === undefined ? reported : now - ticking));
  return <span title={node.boot_at ? `since ${formatExact(node.boot_at)}` : undefined}>{words}</span>;
}
