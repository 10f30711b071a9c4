/** A chart of the page: title, legend, canvas, and the same in words for those who cannot see it. */

import { useComputedColorScheme } from "@mantine/core";
import { type KeyboardEvent, lazy, Suspense, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from "react";
import classes from "./chart.module.css";
import { useChartPage } from "./chart-group";
import { coloursOf, drawingOf, highestIn } from "./drawing";
import { formatValue } from "./format-value";
import { isNumber, withGaps } from "./gaps";
import { Legend } from "./legend";
import { limitLines, type Merging } from "./limit-lines";
import { nearestIndex } from "./nearest";
import { momentWords, summarize } from "./summary";
import { actOfKey, panned, zoomed } from "./time-window";
import type { Frame, Mark, Unit } from "./types";
import { ceilingFor } from "./value-axis";

const Plot = lazy(async () => ({ default: (await import("./plot")).Plot }));

const DAY_SECONDS = 86_400;
const NO_MARKS: readonly Mark[] = [];

interface ChartProps {
  title: string;
  /** A few words beside the title: what the shares are of. */
  note?: string;
  unit: Unit;
  /** Undefined while it is fetched. */
  frame: Frame | undefined;
  isStacked?: boolean;
  /** Where the value axis ends, when that is known: all of the memory. */
  ceiling?: number | undefined;
  merging?: Merging;
  /** What to say when there is nothing to draw. */
  empty?: string;
  isStale?: boolean;
  /** Moments worth a line on the time axis: when the node was booted. */
  marks?: readonly Mark[];
  height?: number;
}

export function Chart(props: ChartProps) {
  const {
    title,
    note,
    unit,
    frame,
    isStacked = false,
    merging = "sum",
    empty,
    isStale = false,
    marks = NO_MARKS,
    height = 190,
  } = props;
  const page = useChartPage();
  const scheme = useComputedColorScheme("light");
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const titleId = useId();
  const wordsId = useId();

  const limited = useMemo(
    () => frame && withGaps({ ...frame, lines: limitLines(frame.lines, merging) }),
    [frame, merging],
  );
  const colours = useMemo(() => coloursOf(limited?.lines ?? [], scheme), [limited, scheme]);
  const shown = useMemo(
    () =>
      limited && {
        ...limited,
        lines: limited.lines.filter((line) => !hidden.has(line.id)),
        peak: hidden.size === 0 ? limited.peak : undefined,
      },
    [limited, hidden],
  );
  const drawing = useMemo(() => shown && drawingOf(shown, isStacked, colours), [shown, isStacked, colours]);
  const highest = drawing ? highestIn(drawing, page.span.from, page.span.to) : 0;
  const view = `${Math.round(page.span.to - page.span.from)} ${[...hidden].join("\n")}`;
  const ceiling = useSteadyCeiling(props.ceiling ?? ceilingFor(highest, unit), view);
  const isEmpty = limited !== undefined && !limited.lines.some((line) => line.values.some(isNumber));

  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };
  const waiting = <div className={classes.waiting} style={{ height: height - 42 }} />;

  return (
    <section
      className={classes.chart}
      aria-labelledby={titleId}
      aria-describedby={wordsId}
      aria-busy={limited === undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart takes keys: cursor, zoom and pan.
      tabIndex={0}
      onKeyDown={useChartKeys(limited?.times ?? [])}
    >
      <header className={classes.head}>
        <h2 className={classes.title} id={titleId}>
          {title} {note ? <span className={classes.note}>{note}</span> : null}
        </h2>
        <Moment frame={limited} unit={unit} />
      </header>
      <p id={wordsId} className={classes.hidden}>
        {limited ? summarize(title, limited, page.span, unit) : `${title} is loading.`}
      </p>
      {limited && !isEmpty ? (
        <Legend frame={limited} unit={unit} colours={colours} hidden={hidden} onToggle={toggle} />
      ) : (
        <div className={classes.legend} />
      )}
      <div className={isStale && !isEmpty ? `${classes.body} ${classes.stale}` : classes.body} style={{ height }}>
        {isEmpty ? (
          <div className={classes.empty} style={{ height }}>
            {empty ?? "No samples in this time."}
          </div>
        ) : drawing === undefined ? (
          waiting
        ) : (
          <Suspense fallback={waiting}>
            <Plot
              scheme={scheme}
              height={height}
              drawing={drawing}
              marks={marks}
              span={page.span}
              ceiling={ceiling}
              unit={unit}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}

/** The moment under the cursor; when a key moved it there, the values are said aloud as well. */
function Moment({ frame, unit }: { frame: Frame | undefined; unit: Unit }) {
  const { group, span } = useChartPage();
  const shown = useRef<HTMLSpanElement>(null);
  const said = useRef<HTMLSpanElement>(null);
  const write = useEffectEvent(() => {
    const at = group.cursorAt;
    const words = at === null ? "" : momentWords(at, span.to - span.from > DAY_SECONDS);
    if (shown.current) shown.current.textContent = words;
    if (!said.current) return;
    const hasFocus = said.current.closest("section") === document.activeElement;
    said.current.textContent = at !== null && frame && hasFocus ? `${words}: ${valuesAt(frame, at, unit)}` : "";
  });
  useEffect(() => group.subscribe(() => write()), [group]);
  return (
    <>
      <span ref={shown} className={classes.moment} aria-hidden="true" />
      <span ref={said} className={classes.hidden} aria-live="polite" />
    </>
  );
}

function valuesAt(frame: Frame, at: number, unit: Unit): string {
  const index = nearestIndex(frame.times, at);
  return frame.lines.map((line) => `${line.label} ${formatValue(line.values[index], unit)}`).join(", ");
}

function useChartKeys(times: readonly number[]): (event: KeyboardEvent) => void {
  const { group, span, onSpan, now } = useChartPage();
  return (event) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actOfKey(event.key, event.shiftKey);
    if (act === undefined) return;
    event.preventDefault();
    const inView = times.filter((time) => time >= span.from && time <= span.to);
    const index = group.cursorAt === null ? inView.length : nearestIndex(inView, group.cursorAt);
    switch (act.kind) {
      case "cursor":
        group.moveCursor(inView[Math.min(inView.length - 1, Math.max(0, index + act.steps))] ?? null);
        break;
      case "edge":
        group.moveCursor((act.end === "first" ? inView[0] : inView.at(-1)) ?? null);
        break;
      case "pan":
        onSpan(panned(span, act.shares * (span.to - span.from), now));
        break;
      case "zoom":
        onSpan(zoomed(span, act.factor, now));
        break;
      case "reset":
        onSpan(null);
        break;
      case "leave":
        group.moveCursor(null);
        break;
    }
  };
}

/** As long as the same is shown the axis may grow but never shrinks: live data must not make the chart jump. */
function useSteadyCeiling(wanted: number, view: string): number {
  const [steady, setSteady] = useState({ view, ceiling: wanted });
  if (steady.view !== view || wanted > steady.ceiling) {
    setSteady({ view, ceiling: wanted });
    return wanted;
  }
  return steady.ceiling;
}
