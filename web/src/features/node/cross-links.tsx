/** Ways from one table of a node to another: service → port → certificate → package. */

import type { Container, Port, Service } from "@/api/generated/model";
import { visibleText } from "@/shared/format/text";
import { StatusMark } from "@/shared/status/status";
import type { CertificateRow } from "./certificate-rows";
import { VALIDITY_MARKS, validityWords } from "./certificate-validity";
import { LinksFact } from "./facts";
import { TabLink } from "./item-link";

export function PortLinks({ ports }: { ports: readonly Port[] }) {
  return (
    <LinksFact
      term="Ports"
      links={ports.map((port) => ({
        key: port.key,
        link: (
          <TabLink to={{ tab: "ports", item: port.key }}>
            {port.protocol} <bdi>{visibleText(port.address)}</bdi>, port {port.port}
          </TabLink>
        ),
      }))}
    />
  );
}

export function CertificateLinks({ term, certificates }: { term: string; certificates: readonly CertificateRow[] }) {
  return (
    <LinksFact
      term={term}
      links={certificates.map((row) => ({
        key: row.key,
        link: (
          <TabLink to={{ tab: "certificates", item: row.key }}>
            <bdi>{visibleText(row.title)}</bdi>{" "}
            <StatusMark kind={VALIDITY_MARKS[row.validity]} label={validityWords(row, Date.now() / 1000)} />
          </TabLink>
        ),
      }))}
    />
  );
}

export function ServiceLinks({ term, services }: { term: string; services: readonly Service[] }) {
  return (
    <LinksFact
      term={term}
      links={services.map((service) => ({
        key: service.key,
        link: (
          <TabLink to={{ tab: "services", item: service.key }}>
            <bdi>{visibleText(service.unit)}</bdi>
          </TabLink>
        ),
      }))}
    />
  );
}

export function ContainerLink({ container }: { container: Container }) {
  return (
    <TabLink to={{ tab: "containers", item: container.key }}>
      <bdi>{visibleText(container.name)}</bdi>
    </TabLink>
  );
}
