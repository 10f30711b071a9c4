/** What machine this is and where it stands: what the header has no room for. */

import { useListCloud, useListMonitoring, useListSystem } from "@/api/generated/inventory/inventory";
import type {
  Cloud,
  CloudList,
  Monitoring,
  MonitoringList,
  NodeDetail,
  System,
  SystemList,
} from "@/api/generated/model";
import { formatBytes, threeFigures } from "@/shared/format/numbers";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import classes from "./machine-facts.module.css";
import { HeaderFact } from "./node-header";

export function MachineFacts({ node }: { node: NodeDetail }) {
  const system = useListSystem<SystemList, Error>(node.id).data?.items[0];
  const cloud = useListCloud<CloudList, Error>(node.id).data?.items[0];
  const watchers = useListMonitoring<MonitoringList, Error>(node.id).data?.items ?? [];
  if (!system && !cloud && watchers.length === 0) return null;
  return (
    <dl className={classes.facts} aria-label="About this machine">
      {cloud ? <CloudFacts cloud={cloud} /> : null}
      {system ? <SystemFacts system={system} /> : null}
      {watchers.length > 0 ? (
        <HeaderFact term="Also watched by" title={watchers.map(watcherTitle).join("\n")}>
          <span className={classes.watchers}>
            {watchers.map((watcher) => (
              <span key={watcher.key} className={classes.watcher}>
                <StatusMark
                  kind={watcher.running ? "online" : "off"}
                  label={watcher.running ? "runs" : "does not run"}
                  quiet
                />
                <NodeText value={watcher.name} plain />
              </span>
            ))}
          </span>
        </HeaderFact>
      ) : null}
    </dl>
  );
}

function CloudFacts({ cloud }: { cloud: Cloud }) {
  const addresses = [...(cloud.public_addresses ?? []), ...(cloud.private_addresses ?? [])];
  return (
    <>
      {cloud.kind === "cloud" ? null : (
        <HeaderFact term="Stands" title={placeTitle(cloud)}>
          {KINDS[cloud.kind]}
        </HeaderFact>
      )}
      {cloud.zone && cloud.zone !== cloud.region ? (
        <HeaderFact term="Zone" title={placeTitle(cloud)}>
          <NodeText value={cloud.zone} />
        </HeaderFact>
      ) : null}
      {cloud.instance_type ? (
        <HeaderFact term="Type">
          <NodeText value={cloud.instance_type} mono />
        </HeaderFact>
      ) : cloud.product ? (
        <HeaderFact term="Product">
          <NodeText value={cloud.product} />
        </HeaderFact>
      ) : null}
      {cloud.instance_id ? (
        <HeaderFact term="Instance">
          <NodeText value={cloud.instance_id} mono />
        </HeaderFact>
      ) : null}
      {addresses.length > 1 ? (
        <HeaderFact term="Addresses" title={addresses.join("\n")}>
          <NodeText value={addresses.slice(0, 2).join(", ") + (addresses.length > 2 ? " …" : "")} mono plain />
        </HeaderFact>
      ) : null}
    </>
  );
}

function SystemFacts({ system }: { system: System }) {
  return (
    <>
      <HeaderFact term="Kernel" title={kernelTitle(system)}>
        <NodeText value={system.kernel} mono plain />
        {isKernelOld(system) ? (
          <span className={classes.next}>
            {" "}
            next <NodeText value={system.kernel_installed} mono plain />
          </span>
        ) : null}
      </HeaderFact>
      <HeaderFact term="Virtualization">
        <NodeText value={system.virtualization === "none" ? "none: hardware" : system.virtualization} />
      </HeaderFact>
      {limitWords(system) ? <HeaderFact term="May use">{limitWords(system)}</HeaderFact> : null}
      {system.init ? (
        <HeaderFact term="Init">
          <NodeText value={system.init} />
        </HeaderFact>
      ) : null}
      {system.timezone ? (
        <HeaderFact term="Time zone">
          <NodeText value={system.timezone} />
        </HeaderFact>
      ) : null}
    </>
  );
}

const KINDS: Readonly<Record<Cloud["kind"], string>> = {
  cloud: "in a cloud",
  metal: "on hardware of its own",
  home: "at home",
  virtual: "on a hypervisor that names no provider",
};

function placeTitle(cloud: Cloud): string {
  const source = { firmware: "the firmware", metadata: "the provider’s metadata", both: "firmware and metadata" };
  return [KINDS[cloud.kind], cloud.product, `told by ${source[cloud.source]}`].filter(Boolean).join("\n");
}

export function isKernelOld(system: System): boolean {
  return Boolean(system.kernel_installed) && system.kernel_installed !== system.kernel;
}

function kernelTitle(system: System): string {
  if (!isKernelOld(system)) return `${system.kernel}, ${system.architecture}`;
  return `runs ${system.kernel}; ${system.kernel_installed} is installed and comes with the next start`;
}

function watcherTitle(watcher: Monitoring): string {
  const words = [
    watcher.version,
    watcher.unit,
    watcher.port ? `port ${watcher.port}` : null,
    `seen by its ${watcher.evidence}`,
  ];
  return `${watcher.name}: ${words.filter(Boolean).join(", ")}`;
}

/** A container may use less than its machine has. */
function limitWords(system: System): string | null {
  const cores = system.cpu_limit_cores ? `${threeFigures(system.cpu_limit_cores)} cores` : null;
  const memory = system.memory_limit_bytes ? formatBytes(system.memory_limit_bytes) : null;
  return [cores, memory].filter(Boolean).join(" · ") || null;
}
