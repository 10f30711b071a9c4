import { expect, it } from "vitest";
import type { SeenFirewallChain, SeenFirewallRule } from "@/api/generated/model";
import { arrangeRules, type FirewallItem, firewallView } from "./firewall-rows";

function chain(name: string, over: Partial<SeenFirewallChain> = {}): SeenFirewallChain {
  const key = `${over.backend ?? "nftables"}/inet/filter/${name}`;
  return { key, backend: "nftables", family: "inet", table: "filter", name, seen_from: 1, ...over, kind: "chain" };
}

function rule(name: string, text: string, position?: number, over: Partial<SeenFirewallRule> = {}): SeenFirewallRule {
  return {
    key: `nftables/inet/filter/${name}/${text}`,
    backend: "nftables",
    family: "inet",
    table: "filter",
    chain: name,
    action: "accept",
    text,
    position,
    seen_from: 1,
    ...over,
    kind: "rule",
  };
}

const items: FirewallItem[] = [
  chain("allow"),
  chain("output", { hook: "output" }),
  chain("input", { hook: "input", policy: "drop" }),
  rule("input", "third", 2),
  rule("input", "first", 0),
  rule("input", "second", 1),
  rule("allow", "one", 0),
  { key: "backend/ufw", kind: "backend", name: "ufw", active: true, decides: false, seen_from: 1 },
  { key: "backend/nftables", kind: "backend", name: "nftables", active: true, decides: true, seen_from: 1 },
];

it("puts chains in the way of a packet, and rules in their order", () => {
  const view = firewallView(items);
  expect(view.backends.map((backend) => backend.name)).toEqual(["nftables", "ufw"]);
  expect(view.chains.map((row) => [row.chain.name, row.rules])).toEqual([
    ["input", 3],
    ["output", 0],
    ["allow", 1],
  ]);
  expect(view.rules.map((row) => [row.rule.text, row.place])).toEqual([
    ["first", 1],
    ["second", 2],
    ["third", 3],
    ["one", 1],
  ]);
});

it("shows rules whose chain was not told, without a place when their order was not", () => {
  const view = firewallView([rule("lost", "alone")]);
  expect(view.chains.map((row) => row.chain.name)).toEqual(["lost"]);
  expect(view.rules[0]?.place).toBeNull();
});

it("closes chains to their heading, and opens what a search finds", () => {
  const view = firewallView(items);
  const names = (hasNarrowed: boolean, found = view.rules) =>
    arrangeRules(found, view.chains, (row) => row.chain.name !== "input", hasNarrowed).map((row) =>
      row.kind === "chain" ? row.chain.name.toUpperCase() : row.rule.text,
    );
  expect(names(false)).toEqual(["INPUT", "OUTPUT", "ALLOW", "one"]);
  expect(names(true, view.rules.slice(1, 2))).toEqual(["INPUT", "second"]);
});
