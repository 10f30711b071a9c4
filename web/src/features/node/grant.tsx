import type { SectionCoverage } from "@/api/generated/model";
import { visibleText } from "@/shared/format/text";
import { CopyButton } from "./copy-button";
import classes from "./coverage.module.css";

/** The exact command or lines that would show more, to be copied; nothing where nothing would help. */
export function Grant({ coverage }: { coverage: SectionCoverage }) {
  const grant = coverage.grant
    .split("\n")
    .map((line) => visibleText(line, 2000))
    .join("\n");
  if (!grant) return null;
  return (
    <div>
      <p className={classes.term}>What would show it, as this node’s agent says; read it before you run it:</p>
      <div className={classes.grant}>
        <pre className={classes.code}>{grant}</pre>
        <CopyButton text={grant} label="Copy" />
      </div>
    </div>
  );
}
