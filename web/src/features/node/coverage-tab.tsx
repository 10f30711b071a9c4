/** What this node's agent sees and what it cannot, section by section, with the exact grant that would show it. */

import { IconEye } from "@tabler/icons-react";
import type { NodeDetail, SectionCoverage } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { visibleText } from "@/shared/format/text";
import { Notice } from "@/shared/states/notice";
import { StatusMark } from "@/shared/status/status";
import { CopyButton } from "./copy-button";
import classes from "./coverage.module.css";
import {
  asSentence,
  isIncomplete,
  LEVEL_MARKS,
  LEVEL_WORDS,
  nameOfSection,
  SECTION_ORDER,
  seesSentence,
} from "./coverage-words";

export function CoverageTab({ node }: { node: NodeDetail }) {
  if (node.coverage.length === 0) {
    return (
      <Notice icon={<IconEye />} title="No scan yet">
        After its first scan the agent tells here what it can see on this machine, what not, and what it would take.
      </Notice>
    );
  }
  const place = ({ section }: SectionCoverage) => {
    const index = SECTION_ORDER.indexOf(section);
    return index < 0 ? SECTION_ORDER.length : index;
  };
  const sections = [...node.coverage].sort(
    (a, b) => Number(isIncomplete(b)) - Number(isIncomplete(a)) || place(a) - place(b),
  );
  const missing = sections.filter(isIncomplete).length;
  return (
    <>
      <p className={classes.intro}>
        {missing === 0
          ? "Nothing hides from this agent."
          : `${missing} of ${sections.length} sections are not seen in full.`}{" "}
        The agent runs as {node.agent_user ? <bdi>{visibleText(node.agent_user)}</bdi> : "an unknown user"}
        {node.agent_scope === "user"
          ? ", in that user’s own space"
          : node.agent_scope === "system"
            ? ", as a service of the system"
            : ""}
        , and never uses sudo.
      </p>
      <ul className={classes.list}>
        {sections.map((coverage) => (
          <SectionCard key={coverage.section} coverage={coverage} />
        ))}
      </ul>
    </>
  );
}

function SectionCard({ coverage }: { coverage: SectionCoverage }) {
  const reason = asSentence(coverage.reason);
  const grant = coverage.grant
    .split("\n")
    .map((line) => visibleText(line, 2000))
    .join("\n");
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <h2 className={classes.name}>{visibleText(nameOfSection(coverage.section))}</h2>
        <StatusMark kind={LEVEL_MARKS[coverage.level]} label={LEVEL_WORDS[coverage.level]} />
        <span className={classes.when}>
          scanned <RelativeTime at={coverage.observed_at} />
        </span>
      </div>
      <p>{seesSentence(coverage)}</p>
      {reason ? (
        <p>
          <span className={classes.term}>Why: </span>
          <bdi>{reason}</bdi>
        </p>
      ) : null}
      {grant ? (
        <div>
          <p className={classes.term}>What would show it, as this node’s agent says; read it before you run it:</p>
          <div className={classes.grant}>
            <pre className={classes.code}>{grant}</pre>
            <CopyButton text={grant} label="Copy" />
          </div>
        </div>
      ) : null}
    </li>
  );
}
