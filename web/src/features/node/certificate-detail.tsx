/** All that is known of one certificate: where it lies, where it is served, who renews it and whether that works. */

import { useListPorts, useListServices } from "@/api/generated/inventory/inventory";
import type { Certificate, NodeDetail, PortList, ServiceList } from "@/api/generated/model";
import { visibleText } from "@/shared/format/text";
import { StatusMark } from "@/shared/status/status";
import { keyWords, ValidityCell } from "./certificate-columns";
import type { CertificateRow } from "./certificate-rows";
import { ServiceLinks } from "./cross-links";
import { Fact, Facts, LinksFact, ListFact, LongText, TextFact, TimeFact } from "./facts";
import { TabLink } from "./item-link";
import { portsOfCertificate } from "./owners";

export function CertificateDetail({ node, row }: { node: NodeDetail; row: CertificateRow }) {
  const { certificate, files, served } = row;
  const ports = useListPorts<PortList, Error>(node.id).data?.items ?? [];
  const services = useListServices<ServiceList, Error>(node.id).data?.items ?? [];
  const places = [...files, ...served];
  const units = new Set([
    ...served.map((place) => place.unit),
    ...portsOfCertificate(served, ports).map((port) => port.unit),
  ]);
  return (
    <>
      <Facts>
        <Fact term="Valid">
          <ValidityCell row={row} />
        </Fact>
        <TimeFact term="From" at={row.notBefore} />
        <TimeFact term="Until" at={row.notAfter} />
        <ListFact term="Names" values={certificate.names ?? []} />
        <TextFact term="Subject" value={certificate.subject} />
        <Fact term="Issuer">
          <LongText value={certificate.self_signed ? `itself: ${certificate.issuer}` : certificate.issuer} />
        </Fact>
        {certificate.is_authority ? <Fact term="Kind">an authority: it signs others</Fact> : null}
      </Facts>
      <Facts title="Where it is served">
        {served.length === 0 ? <Fact term="Ports">none of this machine’s own</Fact> : null}
        <LinksFact
          term="Ports"
          links={served.map((place) => ({ key: place.key, link: <ServedPlace place={place} /> }))}
        />
        <ServiceLinks term="By" services={services.filter((service) => units.has(service.unit))} />
        <Fact term="Chain">{chainOf(served)}</Fact>
        {row.isStale ? (
          <Fact term="Newer one">
            <StatusMark kind="partly-seen" label="renewed, not reloaded" />
            <br />
            <LongText value={newerPaths(places).join("\n")} mono />
          </Fact>
        ) : null}
      </Facts>
      <Facts title="Where it lies">
        {files.length === 0 ? <Fact term="Files">none that the agent can see</Fact> : null}
        <ListFact term="Files" values={files.map((file) => file.path ?? file.key)} mono />
        <ListFact term="Used by" values={places.flatMap((place) => place.used_by ?? [])} />
      </Facts>
      <Facts title="Renewal">
        <Renewal places={places} />
      </Facts>
      <Facts title="Identity">
        <TextFact term="SHA-256" value={certificate.fingerprint_sha256} mono />
        <TextFact term="Serial" value={certificate.serial} mono />
        <TextFact term="Key" value={keyWords(row)} />
        <TextFact term="Signature" value={certificate.signature_algorithm} />
        <TimeFact term="Seen since" at={Math.min(...places.map((place) => place.seen_from))} />
      </Facts>
    </>
  );
}

function ServedPlace({ place }: { place: Certificate }) {
  return (
    <>
      <TabLink to={{ tab: "ports", q: String(place.port ?? "") }}>
        <bdi>{visibleText(place.address ?? "")}</bdi>, port {place.port}
      </TabLink>
      {place.protocol && place.protocol !== "tls" ? <bdi> by {visibleText(place.protocol)}</bdi> : null}
      {place.server_name ? <bdi> for {visibleText(place.server_name)}</bdi> : " without a name"}
    </>
  );
}

function Renewal({ places }: { places: readonly Certificate[] }) {
  const place = places.find((one) => one.renewal_healthy === false) ?? places.find((one) => one.renewed_by);
  if (!place) return <Fact term="By">nothing that the agent knows of</Fact>;
  return (
    <>
      <TextFact term="By" value={place.renewed_by} />
      <Fact term="Works">
        {place.renewal_healthy === false ? (
          <StatusMark kind="failed" label="no" />
        ) : place.renewal_healthy ? (
          <StatusMark kind="online" label="yes" />
        ) : (
          "not known"
        )}
      </Fact>
      <TextFact term="Why" value={place.renewal_reason} />
    </>
  );
}

function chainOf(served: readonly Certificate[]) {
  if (served.some((place) => place.chain_complete === false)) {
    return (
      <>
        <StatusMark kind="partly-seen" label="incomplete" />: some clients will refuse it
      </>
    );
  }
  return served.some((place) => place.chain_complete) ? "complete" : null;
}

function newerPaths(places: readonly Certificate[]): string[] {
  return [...new Set(places.flatMap((place) => place.newer_path ?? []))];
}
