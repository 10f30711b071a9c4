import { visibleText } from "@/shared/format/text";
import classes from "./node-text.module.css";

interface NodeTextProps {
  value: string | null | undefined;
  /** Paths, versions, hashes and addresses are set in the mono face. */
  mono?: boolean;
  /** What to show where there is nothing. */
  missing?: string;
  /** No whole text on hover: what it stands in has one. */
  plain?: boolean;
}

/** Text that came from a node: shown as text, in its own reading direction, on one line, whole on hover. */
export function NodeText({ value, mono = false, missing = "–", plain = false }: NodeTextProps) {
  if (value === null || value === undefined || value === "") return <span className={classes.missing}>{missing}</span>;
  const text = visibleText(value);
  return (
    <bdi
      className={mono ? `${classes.text} ${classes.mono}` : classes.text}
      title={plain ? undefined : visibleText(value, 1024)}
    >
      {text}
    </bdi>
  );
}
