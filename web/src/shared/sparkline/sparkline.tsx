import classes from "./sparkline.module.css";

interface SparklineProps {
  /** Oldest first, evenly spaced; null is a gap and stays one. */
  values: readonly (number | null)[] | undefined;
  /** The value at the top; absent: the highest one. */
  top?: number;
}

const WIDTH = 100;
const HEIGHT = 20;

/** A course without numbers, from zero up. The number stands beside it, so it is nothing to those who hear the page. */
export function Sparkline({ values, top }: SparklineProps) {
  const line = values ? sparklinePath(values, top ?? highest(values)) : "";
  return (
    <svg
      className={classes.sparkline}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      data-values
    >
      <path className={classes.line} d={line} />
    </svg>
  );
}

function highest(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

/** The course as an SVG path over 100 × 20; a lone value between gaps becomes a dot. */
export function sparklinePath(values: readonly (number | null)[], top: number): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  let path = "";
  let open = false;
  values.forEach((value, index) => {
    if (value === null) {
      open = false;
      return;
    }
    const x = (index * step).toFixed(1);
    const y = (HEIGHT - 1 - (top > 0 ? Math.min(1, Math.max(0, value / top)) : 0) * (HEIGHT - 2)).toFixed(1);
    const alone = !open && (values[index + 1] ?? null) === null;
    path += `${open ? "L" : "M"}${x} ${y}${alone ? "h.01" : ""}`;
    open = true;
  });
  return path;
}
