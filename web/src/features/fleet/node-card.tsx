import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatPercent, formatRate } from "@/shared/format/numbers";
import { shortSystem } from "@/shared/format/system";
import { Sparkline } from "@/shared/sparkline/sparkline";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import { bytesPerSecond, type FleetRow } from "./fleet-columns";
import classes from "./node-card.module.css";
import { DiskMeter, MemoryMeter } from "./node-values";

/** A node on a card; the whole card opens it. */
export const NodeCard = memo(function NodeCard({ row: { node, lines } }: { row: FleetRow }) {
  const where = [node.provider, shortSystem(node.os_name), node.address].filter(Boolean).join(" · ");
  return (
    <Link
      to="/nodes/$nodeId"
      params={{ nodeId: node.id }}
      className={classes.card}
      data-stale={node.status !== "online" || undefined}
    >
      <span className={classes.head}>
        <StatusMark kind={node.status} quiet />
        <span className={classes.name}>
          <NodeText value={node.name} />
        </span>
        {node.partly_seen ? <StatusMark kind="partly-seen" quiet /> : null}
        <span className={classes.seen}>
          {node.status === "online" ? null : `${node.status} · `}
          <RelativeTime at={node.last_seen_at} />
        </span>
      </span>
      <span className={classes.where}>
        <NodeText value={where} missing="" />
      </span>
      <span className={classes.values}>
        <span className={classes.label}>CPU</span>
        <span className={classes.course}>
          <Sparkline values={lines?.cpu_percent} top={100} />
          <span className={classes.number}>{formatPercent(node.latest?.cpu_percent)}</span>
        </span>
        <span className={classes.label}>mem</span>
        <MemoryMeter latest={node.latest} />
        <span className={classes.label}>net</span>
        <span className={classes.course}>
          <Sparkline values={lines?.network_bytes_per_second} />
          <span className={classes.number}>{formatRate(bytesPerSecond(node))}</span>
        </span>
        <span className={classes.label}>disk</span>
        <DiskMeter latest={node.latest} />
      </span>
    </Link>
  );
});
