import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { SeenFirewallRule } from "@/api/generated/model";
import { formatCount } from "@/shared/format/numbers";
import { visibleText } from "@/shared/format/text";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import classes from "./firewall.module.css";
import type { ChainRow, FirewallRow } from "./firewall-rows";
import { ItemLink } from "./item-link";
import section from "./section.module.css";

function ruleColumn(
  column: Omit<Column<FirewallRow>, "cell" | "text" | "order">,
  value: (rule: SeenFirewallRule) => string | null | undefined,
  cell?: (rule: SeenFirewallRule) => ReactNode,
): Column<FirewallRow> {
  return {
    ...column,
    cell: (row) =>
      row.kind === "rule" ? (cell?.(row.rule) ?? <NodeText value={value(row.rule)} mono missing="" />) : null,
    text: (row) => (row.kind === "rule" ? (value(row.rule) ?? "") : row.chain.name),
  };
}

const FIREWALL_COLUMNS: Column<FirewallRow>[] = [
  {
    id: "position",
    title: "#",
    width: 36,
    grow: 0,
    align: "end",
    cell: (row) => <span className={section.dim}>{row.kind === "rule" ? row.place : null}</span>,
    text: (row) => (row.kind === "rule" ? String(row.place ?? "") : ""),
  },
  ruleColumn(
    { id: "action", title: "Action", width: 120, fixed: true },
    (rule) => rule.action,
    (rule) => (
      <ItemLink item={rule.key}>
        <NodeText value={rule.action} />
      </ItemLink>
    ),
  ),
  ruleColumn({ id: "protocol", title: "Protocol", width: 70, grow: 0 }, (rule) => rule.protocol),
  ruleColumn({ id: "to", title: "To port", width: 100 }, (rule) => rule.destination_ports),
  ruleColumn({ id: "from", title: "From", width: 130 }, (rule) =>
    [rule.source, rule.source_ports ? `port ${rule.source_ports}` : null].filter(Boolean).join(" "),
  ),
  ruleColumn({ id: "destination", title: "To", width: 120, givesWay: 6 }, (rule) => rule.destination),
  ruleColumn({ id: "interfaces", title: "Interfaces", width: 110, givesWay: 4 }, interfacesOf),
  ruleColumn({ id: "states", title: "Connections", width: 130, givesWay: 3 }, (rule) => rule.states),
  ruleColumn({ id: "comment", title: "Comment", width: 120, givesWay: 5 }, (rule) => rule.comment),
  ruleColumn(
    { id: "packets", title: "Packets", width: 84, grow: 0, align: "end", givesWay: 2 },
    (rule) => (rule.packets == null ? null : String(rule.packets)),
    (rule) => (rule.packets == null ? "" : formatCount(rule.packets)),
  ),
  ruleColumn({ id: "text", title: "As written", width: 240, grow: 3, givesWay: 1 }, (rule) => rule.text),
];

const ALWAYS = new Set(["position", "action", "protocol", "to", "from", "text"]);

/** The columns in which some rule says something. */
export function columnsFor(rules: readonly FirewallRow[]): Column<FirewallRow>[] {
  return FIREWALL_COLUMNS.filter((column) => ALWAYS.has(column.id) || rules.some((row) => column.text(row) !== ""));
}

/** "eth0 →", "→ docker0", "eth0 → docker0". */
export function interfacesOf(rule: SeenFirewallRule): string {
  if (!rule.in_interface && !rule.out_interface) return "";
  return `${rule.in_interface ?? ""} → ${rule.out_interface ?? ""}`.trim();
}

interface ChainHeadingProps {
  row: ChainRow;
  onTurn: (key: string) => void;
}

export function ChainHeading({ row, onTurn }: ChainHeadingProps) {
  const { chain, rules } = row;
  const words = (
    <>
      <NodeText value={chain.name} mono />
      <span className={classes.of}>
        <bdi>{visibleText(`${chain.backend} ${chain.family} ${chain.table}`)}</bdi>
      </span>
      {chain.hook ? (
        <span className={classes.hook}>
          <bdi>{visibleText(`at ${chain.hook}${chain.priority ? `, priority ${chain.priority}` : ""}`)}</bdi>
        </span>
      ) : (
        <span className={classes.hook}>where others jump to</span>
      )}
      {chain.policy ? (
        <span className={classes.policy}>
          else <bdi>{visibleText(chain.policy)}</bdi>
        </span>
      ) : null}
      {chain.owner ? (
        <span className={classes.owner}>
          of <bdi>{visibleText(chain.owner)}</bdi>
        </span>
      ) : null}
      <span className={classes.of}>{rules === 1 ? "1 rule" : `${formatCount(rules)} rules`}</span>
    </>
  );
  if (row.isOpen === null) return <span className={classes.heading}>{words}</span>;
  return (
    <button type="button" className={classes.heading} aria-expanded={row.isOpen} onClick={() => onTurn(row.key)}>
      {row.isOpen ? (
        <IconChevronDown size={14} aria-hidden="true" />
      ) : (
        <IconChevronRight size={14} aria-hidden="true" />
      )}
      {words}
    </button>
  );
}

export function narrowRule(row: FirewallRow) {
  if (row.kind === "chain") return null;
  const { rule } = row;
  const from = rule.source ? `from ${rule.source}` : "from anywhere";
  const to = rule.destination_ports ? `${rule.protocol ?? ""} ${rule.destination_ports}`.trim() : (rule.protocol ?? "");
  return (
    <span className={section.stack}>
      <span className={section.line}>
        <ItemLink item={rule.key}>
          <NodeText value={`${rule.action} ${to}`.trim()} />
        </ItemLink>
        <span className={section.small}>
          <NodeText value={from} />
        </span>
      </span>
      <span className={section.small}>
        <NodeText value={rule.text} mono />
      </span>
    </span>
  );
}
