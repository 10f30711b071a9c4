import { describe, expect, it } from "vitest";
import type { Certificate, Container, Port, Service } from "@/api/generated/model";
import { certificatesOfPorts, ownerOf, portNumbers, portsOfContainer, portsOfService } from "./owners";

function port(over: Partial<Port>): Port {
  return {
    key: "tcp/0.0.0.0/80",
    protocol: "tcp",
    address: "0.0.0.0",
    port: 80,
    address_class: "any",
    seen_from: 1,
    ...over,
  };
}

const container: Container = {
  key: "abcdef0123456789",
  name: "shop-db",
  image: "postgres:17",
  state: "running",
  seen_from: 1,
};

describe("the owner of a port", () => {
  it("is the container before the service that runs all containers", () => {
    const owned = port({ container_id: "abcdef0123456789", unit: "docker.service", process: "docker-proxy" });
    expect(ownerOf(owned, [container])).toMatchObject({ kind: "container", name: "shop-db" });
  });

  it("is named by the short id where the container is not known", () => {
    expect(ownerOf(port({ container_id: "0123456789abcdef" }), [])).toMatchObject({ name: "0123456789ab" });
  });

  it("is the service, with its user when it is a user's", () => {
    const owned = port({ unit: "openclaw.service", scope: "user", user: "openclaw" });
    expect(ownerOf(owned, [])).toMatchObject({ kind: "service", name: "openclaw.service", detail: "user openclaw" });
  });

  it("is the process where no unit is known, and unknown where nothing is", () => {
    expect(ownerOf(port({ process: "python3" }), [])).toEqual({ kind: "process", name: "python3" });
    expect(ownerOf(port({}), [])).toEqual({ kind: "unknown" });
  });
});

describe("back from the owner", () => {
  const service: Service = {
    key: "user:a/x.service",
    scope: "user",
    unit: "x.service",
    user: "a",
    state: "active",
    source: "both",
    seen_from: 1,
  };

  it("a user's service does not own the ports of another user's service of the same name", () => {
    const ports = [
      port({ unit: "x.service", scope: "user", user: "a" }),
      port({ unit: "x.service", scope: "user", user: "b" }),
    ];
    expect(portsOfService(service, ports)).toEqual([ports[0]]);
  });

  it("a container owns ports by its id", () => {
    expect(portsOfContainer(container, [port({ container_id: "abcdef012345" }), port({})])).toHaveLength(1);
  });

  it("shows one number for both address families", () => {
    expect(portNumbers([port({ port: 443 }), port({ port: 22 }), port({ port: 22, protocol: "tcp6" })])).toEqual([
      22, 443,
    ]);
  });
});

describe("the certificates of a port", () => {
  const certificate: Certificate = {
    key: "served:tls/127.0.0.1/443/example.net",
    place: "served",
    fingerprint_sha256: "a".repeat(64),
    subject: "CN=example.net",
    issuer: "CN=R11",
    serial: "1",
    not_before_at: 0,
    not_after_at: 4e9,
    address: "127.0.0.1",
    port: 443,
    seen_from: 1,
  };

  it("are those that it was seen to serve", () => {
    const found = (over: Partial<Port>) => certificatesOfPorts([port(over)], [certificate]).length;
    expect(found({ port: 443 })).toBe(1);
    expect(found({ port: 443, address: "127.0.0.1", address_class: "loopback" })).toBe(1);
    expect(found({ port: 443, address: "10.0.0.4", address_class: "private" })).toBe(0);
    expect(found({ port: 8443 })).toBe(0);
    expect(found({ port: 443, protocol: "udp" })).toBe(0);
  });
});
