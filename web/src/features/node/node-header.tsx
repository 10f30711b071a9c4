/** The facts of a node, on one line as long as there is room. */

import { IconTag } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { NodeDetail } from "@/api/generated/model";
import { useNow } from "@/shared/clock/clock";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatBytes } from "@/shared/format/numbers";
import { visibleText } from "@/shared/format/text";
import { formatDuration, formatExact } from "@/shared/format/time";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import classes from "./node-header.module.css";
import { NodeMenu } from "./node-menu";

export function NodeHeader({ node }: { node: NodeDetail }) {
  return (
    <header className={classes.header}>
      <div className={classes.top}>
        <h1 className={classes.name} title={visibleText(node.name, 1024)}>
          <bdi>{visibleText(node.name)}</bdi>
        </h1>
        <StatusMark kind={node.status} />
        <NodeMenu node={node} />
      </div>
      <dl className={classes.facts}>
        <HeaderFact term="Seen">{node.last_seen_at ? <RelativeTime at={node.last_seen_at} /> : "never"}</HeaderFact>
        <HeaderFact term="Up">
          <Uptime bootAt={node.boot_at} isOld={node.status !== "online"} />
        </HeaderFact>
        <HeaderFact term="System" title={[node.os_name, node.kernel, node.architecture].filter(Boolean).join(" · ")}>
          <NodeText value={node.os_name} />
        </HeaderFact>
        <HeaderFact term="Size" title={node.cpu_model ?? undefined}>
          {sizeWords(node)}
        </HeaderFact>
        {node.provider ? (
          <HeaderFact term="Provider">
            <NodeText value={[node.provider, node.region].filter(Boolean).join(" · ")} />
          </HeaderFact>
        ) : null}
        {node.address ? (
          <HeaderFact term="Address" title={node.addresses.join("\n")}>
            <NodeText value={node.address} mono />
          </HeaderFact>
        ) : null}
        <HeaderFact term="Agent" title={agentWords(node)}>
          <NodeText value={node.agent_version} mono />
        </HeaderFact>
        {node.hostname !== node.name ? (
          <HeaderFact term="Host name">
            <NodeText value={node.hostname} mono />
          </HeaderFact>
        ) : null}
        {node.tags.length > 0 ? (
          <HeaderFact term="Tags">
            <span className={classes.tags}>
              {node.tags.map((tag) => (
                <Link
                  key={tag}
                  to="/nodes"
                  search={{ tag: [tag] }}
                  className={classes.tag}
                  title={`All nodes tagged ${visibleText(tag)}`}
                >
                  <IconTag size={11} aria-hidden="true" />
                  <bdi>{visibleText(tag)}</bdi>
                </Link>
              ))}
            </span>
          </HeaderFact>
        ) : null}
      </dl>
    </header>
  );
}

export function HeaderFact({
  term,
  title,
  children,
}: {
  term: string;
  title?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={classes.fact} title={title === undefined ? undefined : visibleText(title, 1024)}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Uptime({ bootAt, isOld }: { bootAt: number | null | undefined; isOld: boolean }) {
  const words = useNow((now) => (bootAt ? formatDuration(now - bootAt) : "–"));
  if (!bootAt) return <span>–</span>;
  // Whether a silent machine is still up is not known.
  if (isOld) return <span title={`Booted ${formatExact(bootAt)}`}>not known</span>;
  return <time title={`Booted ${formatExact(bootAt)}`}>{words}</time>;
}

function sizeWords(node: NodeDetail): string {
  const cpus = node.cpu_count ? `${node.cpu_count} vCPU` : null;
  const memory = node.memory_total_bytes ? formatBytes(node.memory_total_bytes) : null;
  return [cpus, memory].filter(Boolean).join(" · ") || "–";
}

function agentWords(node: NodeDetail): string {
  const scope = node.agent_scope === "user" ? "in the user's own space" : "as a service of the system";
  const user = node.agent_user ? `as ${node.agent_user}, ${scope}` : null;
  return [user, node.agent_python ? `Python ${node.agent_python}` : null].filter(Boolean).join(" · ");
}
