/** Who owns a port: the container, else the service, else the process; and back from those to their ports. */

import type { Certificate, Container, Port, Service } from "@/api/generated/model";
import { type CertificateRow, certificateRows } from "./certificate-rows";
import type { NodeSearch } from "./node-search";

export type Owner =
  | { kind: "container"; name: string; search: NodeSearch }
  | { kind: "service"; name: string; detail: string | null; search: NodeSearch }
  | { kind: "process"; name: string }
  | { kind: "unknown" };

export function ownerOf(port: Port, containers: readonly Container[]): Owner {
  if (port.container_id) {
    const id = port.container_id;
    const container = containers.find((one) => one.key === id || one.key.startsWith(id));
    const name = container?.name ?? id.slice(0, 12);
    return {
      kind: "container",
      name,
      search: { tab: "containers", ...(container ? { item: container.key } : { q: id }) },
    };
  }
  if (port.unit) {
    const detail = port.scope === "user" ? `user ${port.user ?? "?"}` : null;
    return { kind: "service", name: port.unit, detail, search: { tab: "services", q: port.unit } };
  }
  if (port.process) return { kind: "process", name: port.process };
  return { kind: "unknown" };
}

export function portsOfService(service: Service, ports: readonly Port[]): Port[] {
  return ports.filter(
    (port) =>
      port.unit === service.unit &&
      (port.scope ?? "system") === service.scope &&
      (service.scope === "system" || port.user === service.user),
  );
}

export function portsOfContainer(container: Container, ports: readonly Port[]): Port[] {
  return ports.filter((port) => port.container_id && container.key.startsWith(port.container_id));
}

/** Whether a certificate is what this port answers a TLS handshake with. */
function isServedBy(certificate: Certificate, port: Port): boolean {
  if (certificate.place !== "served" || certificate.port !== port.port || !port.protocol.startsWith("tcp"))
    return false;
  // Asked for on loopback, what listens everywhere is still the same.
  return port.address_class === "any" || !certificate.address || certificate.address === port.address;
}

export function certificatesOfPorts(ports: readonly Port[], certificates: readonly Certificate[]): CertificateRow[] {
  const rows = certificateRows(certificates, Date.now() / 1000);
  return rows.filter((row) => row.served.some((served) => ports.some((port) => isServedBy(served, port))));
}

export function portsOfCertificate(served: readonly Certificate[], ports: readonly Port[]): Port[] {
  return ports.filter((port) => served.some((certificate) => isServedBy(certificate, port)));
}

/** "22, 80, 443": one number for IPv4 and IPv6. */
export function portNumbers(ports: readonly Port[]): number[] {
  return [...new Set(ports.map((port) => port.port))].sort((a, b) => a - b);
}
