/** What this node's agent sees and what it cannot, section by section, with the exact grant that would show it. */

import { IconEye } from "@tabler/icons-react";
import type { NodeDetail, SectionCoverage } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { visibleText } from "@/shared/format/text";
import { Notice } from "@/shared/states/notice";
import { StatusMark } from "@/shared/status/status";
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
import { Grant } from "./grant";

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
          : `${missing} of ${sections.length} sections ${missing === 1 ? "is" : "are"} not seen in full.`}{" "}
        The agent runs as {node.agent_user ? <bdi>{visibleText(node.agent_user)}</bdi> : "an unknown user"}
        {node.agent_scope === "user"
          ? ", in that user’s own space"
          : node.agent_scope === "system"
            ? ", as a service of the system"
            : ""}
        , and never uses sudo.
      </p>
      <ul className={classes.list}>
        {sections.filter(isIncomplete).map((coverage) => (
          <SectionCard key={coverage.section} coverage={coverage} />
        ))}
      </ul>
      {missing < sections.length ? (
        <ul className={classes.rows} aria-label="Seen, or not there">
          {sections
            .filter((coverage) => !isIncomplete(coverage))
            .map((coverage) => (
              <SectionRow key={coverage.section} coverage={coverage} />
            ))}
        </ul>
      ) : null}
    </>
  );
}

/** Where nothing is missing, one line says it. */
function SectionRow({ coverage }: { coverage: SectionCoverage }) {
  return (
    <li className={classes.row}>
      <h2 className={classes.name}>{visibleText(nameOfSection(coverage.section))}</h2>
      <StatusMark kind={LEVEL_MARKS[coverage.level]} label={LEVEL_WORDS[coverage.level]} />
      <p className={classes.sees}>
        {coverage.level === "absent" ? (
          <bdi>{asSentence(coverage.reason) || seesSentence(coverage)}</bdi>
        ) : (
          seesSentence(coverage)
        )}
      </p>
    </li>
  );
}

function SectionCard({ coverage }: { coverage: SectionCoverage }) {
  const reason = asSentence(coverage.reason);
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
      <Grant coverage={coverage} />
    </li>
  );
}
