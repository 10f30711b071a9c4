/** Who owns a port: the container, else the service, else the process; and back from those to their ports. */

import type { Container, Port, Service } from "@/api/generated/model";
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
    return { kind: "container", name, search: { tab: "containers", q: name } };
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

/** "22, 80, 443": one number for IPv4 and IPv6. */
export function portNumbers(ports: readonly Port[]): number[] {
  return [...new Set(ports.map((port) => port.port))].sort((a, b) => a - b);
}
