/** What on this node wants somebody: at a glance, each with the way to it. Nothing is drawn where nothing does. */

import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import {
  useListCertificates,
  useListContainers,
  useListServices,
  useListSystem,
  useListUpdates,
} from "@/api/generated/inventory/inventory";
import type {
  CertificateList,
  ContainerList,
  NodeDetail,
  ServiceList,
  System,
  SystemList,
  UpdateList,
} from "@/api/generated/model";
import { formatCount } from "@/shared/format/numbers";
import { type StatusKind, StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import { certificateRows, troublesOf } from "./certificate-rows";
import { VALIDITY_MARKS, type Validity } from "./certificate-validity";
import { isKernelOld } from "./machine-facts";
import classes from "./machine-facts.module.css";
import { type NodeSearch, readNodeSearch } from "./node-search";
import { kindOfContainer, kindOfService } from "./states";
import { isPending } from "./updates";

const route = getRouteApi("/app/nodes/$nodeId");

export interface Concern {
  id: string;
  mark: StatusKind;
  words: string;
  to: NodeSearch;
}

export function Attention({ node }: { node: NodeDetail }) {
  const { nodeId } = route.useParams();
  const services = useListServices<ServiceList, Error>(node.id).data?.items;
  const containers = useListContainers<ContainerList, Error>(node.id).data?.items;
  const certificates = useListCertificates<CertificateList, Error>(node.id).data?.items;
  const updates = useListUpdates<UpdateList, Error>(node.id).data?.items;
  const system = useListSystem<SystemList, Error>(node.id).data?.items[0];
  const concerns = useMemo(
    () => concernsOf({ services, containers, certificates, updates }, Date.now() / 1000),
    [services, containers, certificates, updates],
  );
  const reboot = system?.reboot_required ? rebootReasons(system) : null;
  if (concerns.length === 0 && reboot === null) return null;
  return (
    <ul className={classes.attention} aria-label="Wants somebody">
      {concerns.map((concern) => (
        <li key={concern.id}>
          <Link to="/nodes/$nodeId" params={{ nodeId }} search={readNodeSearch({ ...concern.to })}>
            <StatusMark kind={concern.mark} label={concern.words} />
          </Link>
        </li>
      ))}
      {reboot === null ? null : (
        <li>
          <StatusMark kind="partly-seen" label="restart required" />
          <span className={classes.reasons}>
            <NodeText value={reboot} missing="" />
          </span>
        </li>
      )}
    </ul>
  );
}

interface Seen {
  services: ServiceList["items"] | undefined;
  containers: ContainerList["items"] | undefined;
  certificates: CertificateList["items"] | undefined;
  updates: UpdateList["items"] | undefined;
}

/** The worst first. `now`: Unix seconds. */
export function concernsOf(seen: Seen, now: number): Concern[] {
  const services = (seen.services ?? []).filter((one) => kindOfService(one.state, one.sub_state) === "failed");
  const containers = (seen.containers ?? []).filter(
    (one) => kindOfContainer(one.state, one.health, one.exit_code) === "failed",
  );
  const rows = certificateRows(seen.certificates ?? [], now);
  const security = (seen.updates ?? []).filter((update) => isPending(update) && update.security && !update.held);
  const ending = (validity: Validity) => rows.filter((row) => row.validity === validity).length;
  const certificate = (validity: Validity, words: string): Found => ({
    count: ending(validity),
    one: "certificate",
    many: "certificates",
    words,
    mark: VALIDITY_MARKS[validity],
    to: { tab: "certificates", state: validity },
  });
  const found: Found[] = [
    {
      count: services.length,
      one: "service",
      many: "services",
      words: "failed",
      mark: "failed",
      to: { tab: "services", state: "failed" },
    },
    {
      count: containers.length,
      one: "container",
      many: "containers",
      words: "failed",
      mark: "failed",
      to: { tab: "containers", state: "failed" },
    },
    certificate("expired", "expired"),
    certificate("days", "with less than 7 days left"),
    certificate("soon", "with less than 21 days left"),
    {
      // Those that end are counted above.
      count: rows.filter((row) => row.validity === "good" && troublesOf(row).length > 0).length,
      one: "certificate",
      many: "certificates",
      words: "to see to",
      mark: "partly-seen",
      to: { tab: "certificates", where: "trouble" },
    },
    {
      count: security.length,
      one: "security update",
      many: "security updates",
      words: "to install",
      mark: "partly-seen",
      to: { tab: "updates", kind: "security" },
    },
  ];
  return found
    .filter((one) => one.count > 0)
    .map(({ count, one, many, words, mark, to }) => ({
      id: `${many} ${words}`,
      mark,
      words: `${formatCount(count)} ${count === 1 ? one : many} ${words}`,
      to,
    }));
}

interface Found {
  count: number;
  one: string;
  many: string;
  words: string;
  mark: StatusKind;
  to: NodeSearch;
}

/** What asked for the restart; the kernel where nothing else is told. */
export function rebootReasons(system: System): string {
  const reasons = system.reboot_reasons ?? [];
  if (reasons.length > 0) return `for ${reasons.join(", ")}`;
  return isKernelOld(system) ? `for kernel ${system.kernel_installed}` : "";
}
