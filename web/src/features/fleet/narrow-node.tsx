import { Link } from "@tanstack/react-router";
import type { NodeSummary } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatPercent } from "@/shared/format/numbers";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import classes from "./narrow-node.module.css";
import { DiskMeter, MemoryMeter } from "./node-values";

export const NARROW_HEIGHT = 68;

/** A node where there is no room for columns: what it is, how it is, its three shares. */
export function NarrowNode({ node }: { node: NodeSummary }) {
  return (
    <div className={classes.node}>
      <div className={classes.line}>
        <StatusMark kind={node.status} quiet />
        <Link to="/nodes/$nodeId" params={{ nodeId: node.id }} className={classes.name}>
          <NodeText value={node.name} />
        </Link>
        {node.partly_seen ? <StatusMark kind="partly-seen" quiet /> : null}
        <span className={classes.seen}>
          {node.status === "online" ? null : `${node.status} · `}
          <RelativeTime at={node.last_seen_at} />
        </span>
      </div>
      <div className={classes.shares}>
        <span>
          CPU <b>{formatPercent(node.latest?.cpu_percent)}</b>
        </span>
        <span className={classes.share}>
          mem <MemoryMeter latest={node.latest} />
        </span>
        <span className={classes.share}>
          disk <DiskMeter latest={node.latest} />
        </span>
      </div>
    </div>
  );
}
