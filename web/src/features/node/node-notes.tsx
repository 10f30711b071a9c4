/** What one must know before believing the values below: silence, plain HTTP, kept or lost reports, a wrong clock. */

import { IconClockExclamation, IconHourglass, IconLockOpen, IconPlugOff, IconTransferOut } from "@tabler/icons-react";
import type { NodeDetail } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatCount } from "@/shared/format/numbers";
import { formatClock, formatDuration, formatExact } from "@/shared/format/time";
import { Banner } from "@/shared/states/banner";
import classes from "./node-page.module.css";

/** A clock this far off puts samples visibly beside their time. */
const CLOCK_OFF_SECONDS = 5;

export function NodeNotes({ node }: { node: NodeDetail }) {
  const reports = reportWords(node);
  const offset = node.clock_offset_seconds ?? 0;
  return (
    <div className={classes.notes}>
      {node.status === "silent" && node.last_seen_at ? (
        <Banner tone="bad" icon={<IconPlugOff />}>
          Last seen <RelativeTime at={node.last_seen_at} />; values are from{" "}
          <time title={formatExact(node.last_seen_at)}>
            {formatClock(new Date(node.last_seen_at * 1000)).slice(0, 5)}
          </time>
          . The agent keeps what it measures and sends it when it can reach this server again.
        </Banner>
      ) : null}
      {node.status === "waiting" ? (
        <Banner tone="plain" icon={<IconHourglass />}>
          Enrolled; the first report comes within {formatDuration(node.interval_seconds ?? 30)}.
        </Banner>
      ) : null}
      {node.plain_http ? (
        <Banner tone="warn" icon={<IconLockOpen />}>
          This agent speaks plain HTTP: others on the way can read its reports and its token. Give this server a
          certificate, then install the agent again with its https:// address.
        </Banner>
      ) : null}
      {reports ? (
        <Banner tone="warn" icon={<IconTransferOut />}>
          {reports}
        </Banner>
      ) : null}
      {Math.abs(offset) >= CLOCK_OFF_SECONDS ? (
        <Banner tone="warn" icon={<IconClockExclamation />}>
          This node’s clock is {formatDuration(Math.abs(offset))} {offset > 0 ? "ahead" : "behind"}: its charts are off
          by as much.
        </Banner>
      ) : null}
    </div>
  );
}

/** "3 reports wait on the node. 1 was refused." – nothing when all went well. */
export function reportWords(node: NodeDetail): string | null {
  const sentences: string[] = [];
  const count = (number: number) => `${formatCount(number)} ${number === 1 ? "report" : "reports"}`;
  const { spooled_reports: spooled = 0, refused_reports: refused = 0, dropped_reports: dropped = 0 } = node;
  const thinned = node.thinned_reports ?? 0;
  if (spooled > 0) sentences.push(`${count(spooled)} ${spooled === 1 ? "waits" : "wait"} on the node to be sent.`);
  if (refused > 0) sentences.push(`${count(refused)} ${refused === 1 ? "was" : "were"} refused by the server.`);
  if (thinned > 0)
    sentences.push(
      `${count(thinned)} ${thinned === 1 ? "was" : "were"} left out between others while the spool was full.`,
    );
  if (dropped > 0)
    sentences.push(`${count(dropped)} ${dropped === 1 ? "was" : "were"} lost because the spool was full.`);
  return sentences.length > 0 ? sentences.join(" ") : null;
}
