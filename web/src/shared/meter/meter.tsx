import { formatPercent } from "@/shared/format/numbers";
import classes from "./meter.module.css";

/** From here on a share is worth a look before it is worth a call. */
const NEARLY_FULL = 90;

interface MeterProps {
  percent: number | null | undefined;
  /** What is measured, for those who hear the page: "memory". */
  label: string;
  title?: string;
}

/** A share as a bar with its number; nearly full is told by a triangle as well as by the colour. */
export function Meter({ percent, label, title }: MeterProps) {
  if (percent === null || percent === undefined) return <span className={classes.missing}>–</span>;
  const full = percent >= NEARLY_FULL;
  const width = Math.min(100, Math.max(0, percent));
  const words = formatPercent(percent);
  return (
    <span className={classes.meter} data-full={full || undefined} title={title}>
      <svg
        className={classes.bar}
        data-values
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label} ${words}`}
      >
        <rect className={classes.track} width="100" height="6" />
        <rect className={classes.fill} width={width} height="6" />
      </svg>
      <span className={classes.number}>
        {full ? (
          <span aria-hidden="true" className={classes.mark}>
            ▲
          </span>
        ) : null}
        {words}
      </span>
    </span>
  );
}
