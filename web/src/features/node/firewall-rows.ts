/** A firewall in the order in which packets meet it: what decides first, chains by their hook, rules by their place. */

import type { SeenFirewallBackend, SeenFirewallChain, SeenFirewallRule } from "@/api/generated/model";

export type FirewallItem = SeenFirewallBackend | SeenFirewallChain | SeenFirewallRule;

export interface RuleRow {
  kind: "rule";
  key: string;
  chainKey: string;
  /** Its place in its chain, from 1; null where the agent did not tell the order. */
  place: number | null;
  rule: SeenFirewallRule;
}

export interface ChainRow {
  kind: "chain";
  key: string;
  chain: Pick<
    SeenFirewallChain,
    "backend" | "family" | "table" | "name" | "hook" | "priority" | "policy" | "owner" | "packets"
  >;
  rules: number;
  /** Whether its rules stand below it; null where nothing can be opened or closed. */
  isOpen: boolean | null;
}

export type FirewallRow = RuleRow | ChainRow;

export interface FirewallView {
  backends: SeenFirewallBackend[];
  chains: ChainRow[];
  /** In the order of their chains. */
  rules: RuleRow[];
}

/** The way of a packet (netfilter). */
const HOOKS = ["ingress", "prerouting", "input", "forward", "output", "postrouting", "egress"];

export function firewallView(items: readonly FirewallItem[]): FirewallView {
  const backends = items
    .filter((item) => item.kind === "backend")
    .sort(
      (a, b) => Number(b.decides) - Number(a.decides) || Number(b.active) - Number(a.active) || byText(a.name, b.name),
    );
  const place = new Map(backends.map((backend, index) => [backend.name, index]));
  const rules = items.filter((item) => item.kind === "rule");
  const chains = new Map<string, ChainRow>();
  for (const chain of items) {
    if (chain.kind === "chain") chains.set(chain.key, { kind: "chain", key: chain.key, chain, rules: 0, isOpen: null });
  }
  for (const rule of rules) {
    const key = chainKeyOf(rule);
    // A chain that was not told is made up from its rules: no rule goes unseen.
    const known = chains.get(key) ?? {
      kind: "chain",
      key,
      chain: { ...rule, name: rule.chain },
      rules: 0,
      isOpen: null,
    };
    chains.set(key, { ...known, rules: known.rules + 1 });
  }
  const ordered = [...chains.values()].sort(
    (a, b) =>
      (place.get(a.chain.backend) ?? backends.length) - (place.get(b.chain.backend) ?? backends.length) ||
      hookPlace(a.chain.hook) - hookPlace(b.chain.hook) ||
      byText(a.chain.family, b.chain.family) ||
      byText(a.chain.table, b.chain.table) ||
      byText(a.chain.name, b.chain.name),
  );
  const chainPlace = new Map(ordered.map((chain, index) => [chain.key, index]));
  const rows = rules
    .map((rule): RuleRow => ({ kind: "rule", key: rule.key, chainKey: chainKeyOf(rule), place: null, rule }))
    .sort(
      (a, b) =>
        (chainPlace.get(a.chainKey) ?? 0) - (chainPlace.get(b.chainKey) ?? 0) ||
        (a.rule.position ?? Number.POSITIVE_INFINITY) - (b.rule.position ?? Number.POSITIVE_INFINITY) ||
        byText(a.key, b.key),
    );
  const counted = new Map<string, number>();
  for (const row of rows) {
    const place = (counted.get(row.chainKey) ?? 0) + 1;
    counted.set(row.chainKey, place);
    if (row.rule.position !== null && row.rule.position !== undefined) row.place = place;
  }
  return { backends, chains: ordered, rules: rows };
}

/** Headings between the rules. Closed chains show their heading alone; while one searches, all are open. */
export function arrangeRules(
  found: readonly FirewallRow[],
  chains: readonly ChainRow[],
  isOpen: (chain: ChainRow) => boolean,
  hasNarrowed: boolean,
): FirewallRow[] {
  const byChain = new Map<string, FirewallRow[]>();
  for (const row of found) {
    if (row.kind !== "rule") continue;
    const rows = byChain.get(row.chainKey) ?? [];
    rows.push(row);
    byChain.set(row.chainKey, rows);
  }
  return chains.flatMap((chain): FirewallRow[] => {
    const rules = byChain.get(chain.key) ?? [];
    if (hasNarrowed) return rules.length > 0 ? [chain, ...rules] : [];
    if (rules.length === 0) return [chain];
    // A table draws a row again only when it is another object.
    return isOpen(chain) ? [{ ...chain, isOpen: true }, ...rules] : [{ ...chain, isOpen: false }];
  });
}

/** Packets come here by themselves, not only from another chain. */
export function isBase(row: ChainRow): boolean {
  return Boolean(row.chain.hook);
}

function chainKeyOf(rule: SeenFirewallRule): string {
  return `${rule.backend}/${rule.family}/${rule.table}/${rule.chain}`;
}

function hookPlace(hook: string | null | undefined): number {
  if (!hook) return HOOKS.length + 1;
  const index = HOOKS.indexOf(hook);
  return index < 0 ? HOOKS.length : index;
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
