/** All that is known of one service, with the ways from it: its ports, their certificates, its package, what it starts. */

import { useListCertificates, useListServices } from "@/api/generated/inventory/inventory";
import type { CertificateList, NodeDetail, Service, ServiceList } from "@/api/generated/model";
import { formatBytes, formatCount } from "@/shared/format/numbers";
import { formatDuration } from "@/shared/format/time";
import { StatusMark } from "@/shared/status/status";
import { CertificateLinks, PortLinks } from "./cross-links";
import { Fact, Facts, Lines, LinksFact, LongText, TextFact, TimeFact } from "./facts";
import { TabLink } from "./item-link";
import { certificatesOfPorts } from "./owners";
import { kindOf, PackageCell, SERVICE_KINDS, type ServiceRow, scopeWords, stateWords } from "./service-columns";
import { STATE_MARKS } from "./states";

const FOUND_BY: Readonly<Record<Service["source"], string>> = {
  systemd: "told by systemd",
  cgroup: "found by its control group",
  both: "told by systemd, and found by its control group",
  manager: "told by its manager",
  process: "found by its process",
  file: "read from its file",
};

export function ServiceDetail({ node, row }: { node: NodeDetail; row: ServiceRow }) {
  const { service, kind, ports } = row;
  const services = useListServices<ServiceList, Error>(node.id).data?.items ?? [];
  const certificates = useListCertificates<CertificateList, Error>(node.id).data?.items ?? [];
  const served = certificatesOfPorts(ports, certificates);
  const starters = services.filter((other) => other.activates === service.unit && other.scope === service.scope);
  const started = services.find((other) => other.unit === service.activates && other.scope === service.scope);
  return (
    <>
      <Facts>
        <TextFact term="About" value={service.description} />
        <Fact term="State">
          <StatusMark kind={STATE_MARKS[kind]} label={stateWords(service, kind)} />{" "}
          <LongText value={rawState(service, stateWords(service, kind))} />
        </Fact>
        <TextFact term="Last exit" value={[service.exit_code, service.result].filter(Boolean).join(", ")} />
        <TimeFact term="Since" at={service.since_at} />
        <Fact term="Restarts">{service.restarts_total == null ? null : formatCount(service.restarts_total)}</Fact>
        <Fact term="Runs for">
          <LongText value={scopeWords(service)} />
        </Fact>
        <TextFact term="At boot" value={service.enabled} />
      </Facts>
      {service.last_log && service.last_log.length > 0 ? (
        <Lines title="What it logged last" lines={service.last_log} />
      ) : null}
      {service.schedule || service.activates || service.next_run_at || service.last_run_at ? (
        <Facts title="Timetable">
          <TextFact term="When" value={service.schedule} mono />
          <TimeFact term="Last run" at={service.last_run_at} />
          <TimeFact term="Next run" at={service.next_run_at} />
          <Fact term="Starts">
            {started ? (
              <TabLink to={{ tab: "services", item: started.key }}>
                <LongText value={started.unit} />
              </TabLink>
            ) : service.activates ? (
              <LongText value={service.activates} mono />
            ) : null}
          </Fact>
        </Facts>
      ) : null}
      <Facts title="What it uses">
        <Fact term="Memory">{service.memory_bytes == null ? null : formatBytes(service.memory_bytes)}</Fact>
        <Fact term="CPU time">{service.cpu_seconds == null ? null : formatDuration(service.cpu_seconds)}</Fact>
        <Fact term="Tasks">{service.tasks == null ? null : formatCount(service.tasks)}</Fact>
        <Fact term="Main process">
          {service.main_process || service.main_pid ? (
            <LongText
              value={[service.main_process, service.main_pid ? `PID ${service.main_pid}` : null]
                .filter(Boolean)
                .join(", ")}
            />
          ) : null}
        </Fact>
        <PortLinks ports={ports} />
        <CertificateLinks term="Serves" certificates={served} />
      </Facts>
      <Facts title="Where it comes from">
        <Fact term="Kind">
          {SERVICE_KINDS[kindOf(service)]} of <LongText value={service.manager ?? "systemd"} />
        </Fact>
        <TextFact term="File" value={service.unit_path} mono />
        <Fact term="Package">{service.package ? <PackageCell name={service.package} /> : null}</Fact>
        <LinksFact
          term="Started by"
          links={starters.map((starter) => ({
            key: starter.key,
            link: (
              <TabLink to={{ tab: "services", item: starter.key }}>
                <LongText value={starter.unit} />
              </TabLink>
            ),
          }))}
        />
        <Fact term="Seen">{FOUND_BY[service.source]}</Fact>
        <TimeFact term="So since" at={service.seen_from} />
      </Facts>
    </>
  );
}

/** What its manager calls the state, where that says more than our word for it. */
function rawState(service: Service, word: string): string {
  const told = [service.state, service.sub_state].filter((state) => state && state !== word);
  return [...new Set(told)].join(", ");
}
