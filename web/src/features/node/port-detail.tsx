/** All that is known of one listening socket: who can reach it, whose it is, what it serves. */

import { useListContainers, useListServices } from "@/api/generated/inventory/inventory";
import type { ContainerList, NodeDetail, ServiceList } from "@/api/generated/model";
import { CertificateLinks, ContainerLink, ServiceLinks } from "./cross-links";
import { Fact, Facts, TextFact, TimeFact } from "./facts";
import { portsOfService } from "./owners";
import type { PortRow } from "./port-columns";
import { PackageCell } from "./service-columns";
import { WHERE } from "./where-listening";

export function PortDetail({ node, row }: { node: NodeDetail; row: PortRow }) {
  const { port, owner, certificates } = row;
  const services = useListServices<ServiceList, Error>(node.id).data?.items ?? [];
  const containers = useListContainers<ContainerList, Error>(node.id).data?.items ?? [];
  const container = containers.find((one) => port.container_id && one.key.startsWith(port.container_id));
  return (
    <>
      <Facts>
        <Fact term="Protocol">{port.protocol}</Fact>
        <TextFact term="Address" value={port.address} mono />
        <Fact term="Reached from">
          {WHERE[port.address_class].words}. {WHERE[port.address_class].meaning}
        </Fact>
        <Fact term="IPv4">
          {port.takes_ipv4 == null ? null : port.takes_ipv4 ? "arrives here too" : "does not arrive here"}
        </Fact>
      </Facts>
      <Facts title="Whose it is">
        {owner.kind === "unknown" ? <Fact term="Owner">not visible to the agent</Fact> : null}
        <Fact term="Container">{container ? <ContainerLink container={container} /> : null}</Fact>
        <ServiceLinks term="Service" services={services.filter((one) => portsOfService(one, [port]).length > 0)} />
        <TextFact term="Process" value={port.process} />
        <Fact term="PID">{port.pid ?? null}</Fact>
        <TextFact term="User" value={port.user} />
        <Fact term="Package">{port.package ? <PackageCell name={port.package} /> : null}</Fact>
      </Facts>
      <Facts title="What it serves">
        {certificates.length === 0 ? <Fact term="Certificate">none that the agent was shown</Fact> : null}
        <CertificateLinks term="Certificate" certificates={certificates} />
        <TimeFact term="Seen since" at={port.seen_from} />
      </Facts>
    </>
  );
}
