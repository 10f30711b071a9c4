/** All that is known of one container. Environments and labels never travel, so they are not here either. */

import type { ContainerMount } from "@/api/generated/model";
import { formatBytes, formatCount, formatPercent, formatRate } from "@/shared/format/numbers";
import { StatusMark } from "@/shared/status/status";
import { type ContainerRow, publishedWords } from "./container-columns";
import { PortLinks } from "./cross-links";
import { Fact, Facts, ListFact, LongText, TextFact, TimeFact } from "./facts";
import { STATE_MARKS, STATE_WORDS } from "./states";

export function ContainerDetail({ row }: { row: ContainerRow }) {
  const { container, kind, ports, use } = row;
  const mounts = container.mounts ?? [];
  const networks = container.networks ?? [];
  return (
    <>
      <Facts>
        <Fact term="State">
          <StatusMark kind={STATE_MARKS[kind]} label={STATE_WORDS[kind]} />{" "}
          <LongText value={[container.state, container.health].filter(Boolean).join(", ")} />
        </Fact>
        <Fact term="Exit code">{container.exit_code ?? null}</Fact>
        <TimeFact term="Created" at={container.created_at} />
        <TimeFact term="Started" at={container.started_at} />
        <TimeFact term="Finished" at={container.finished_at} />
        <TextFact term="Restarts" value={restartWords(container.restart_policy, container.restarts_total)} />
      </Facts>
      <Facts title="What it uses">
        {use === undefined ? <Fact term="CPU">not measured on this node</Fact> : null}
        <Fact term="CPU">{use?.cpuPercent == null ? null : `${formatPercent(use.cpuPercent)} of one core`}</Fact>
        <Fact term="Memory">{use?.memoryBytes == null ? null : formatBytes(use.memoryBytes)}</Fact>
        <Fact term="Network">{pair(use?.receiveRate, use?.transmitRate, "in", "out")}</Fact>
        <Fact term="Block I/O">{pair(use?.readRate, use?.writeRate, "read", "written")}</Fact>
      </Facts>
      <Facts title="Image">
        <TextFact term="Name" value={container.image} mono />
        <TextFact term="Digest" value={container.image_digest} mono />
      </Facts>
      <Facts title="Ports and networks">
        <TextFact term="Published" value={publishedWords(container.ports ?? []) || "none"} mono />
        <PortLinks ports={ports} />
        <ListFact
          term="Networks"
          values={networks.map((network) => [network.name, network.address].filter(Boolean).join("  "))}
          mono
        />
      </Facts>
      {mounts.length > 0 ? (
        <Facts title="Mounts">
          <ListFact term="Inside" values={mounts.map(mountWords)} mono />
        </Facts>
      ) : null}
      <Facts title="Where it runs">
        <TextFact term="Runtime" value={container.runtime} />
        <TextFact term="Engine of" value={container.user} />
        <TextFact term="Project" value={container.compose_project} />
        <TextFact term="Service" value={container.compose_service} />
        <TextFact term="Id" value={container.key} mono />
        <TimeFact term="So since" at={container.seen_from} />
      </Facts>
    </>
  );
}

/** "always, 3 so far". */
export function restartWords(policy: string | null | undefined, count: number | null | undefined): string | null {
  const rule = policy && policy !== "no" ? policy : policy === "no" ? "never by itself" : null;
  const sofar = count === null || count === undefined ? null : `${formatCount(count)} so far`;
  return [rule, sofar].filter(Boolean).join(", ") || null;
}

/** "/data ← volume shop-data, read only". */
export function mountWords(mount: ContainerMount): string {
  const source = [mount.type, mount.source].filter(Boolean).join(" ");
  return `${mount.destination} ← ${source}${mount.read_only ? ", read only" : ""}`;
}

function pair(one: number | undefined, other: number | undefined, oneWord: string, otherWord: string): string | null {
  if (one === undefined && other === undefined) return null;
  return `${formatRate(one)} ${oneWord}, ${formatRate(other)} ${otherWord}`;
}
