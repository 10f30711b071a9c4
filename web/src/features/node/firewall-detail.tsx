import { formatBytes, formatCount } from "@/shared/format/numbers";
import { Fact, Facts, Lines, TextFact, TimeFact } from "./facts";
import { interfacesOf } from "./firewall-columns";
import type { RuleRow } from "./firewall-rows";

/** One rule of a firewall: taken apart, and as its own tool writes it. */
export function RuleDetail({ row }: { row: RuleRow }) {
  const { rule, place } = row;
  return (
    <>
      <Facts>
        <TextFact term="Action" value={rule.action} />
        <TextFact term="Protocol" value={rule.protocol} />
        <TextFact term="From" value={rule.source ?? "anywhere"} mono />
        <TextFact term="From port" value={rule.source_ports} mono />
        <TextFact term="To" value={rule.destination} mono />
        <TextFact term="To port" value={rule.destination_ports} mono />
        <TextFact term="Interfaces" value={interfacesOf(rule)} mono />
        <TextFact term="Connections" value={rule.states} />
        <TextFact term="Comment" value={rule.comment} />
      </Facts>
      <Lines title="As written" lines={rule.text.split("\n")} />
      <Facts title="Where it stands">
        <TextFact term="Firewall" value={rule.backend} />
        <TextFact term="Family" value={rule.family} />
        <TextFact term="Table" value={rule.table} />
        <TextFact term="Chain" value={rule.chain} />
        <TextFact term="Hook" value={rule.hook} />
        <Fact term="Place">{place === null ? null : formatCount(place)}</Fact>
        <TextFact term="Made by" value={rule.owner} />
        <Fact term="Packets">{rule.packets == null ? null : formatCount(rule.packets)}</Fact>
        <Fact term="Bytes">{rule.bytes == null ? null : formatBytes(rule.bytes)}</Fact>
        <TimeFact term="So since" at={rule.seen_from} />
      </Facts>
    </>
  );
}
