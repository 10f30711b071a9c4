/** The legend: every line's value under the cursor, or its newest; a press hides or shows the line. */

import { useEffect, useEffectEvent, useRef } from "react";
import { visibleText } from "@/shared/format/text";
import classes from "./chart.module.css";
import { useChartPage } from "./chart-group";
import { formatValue } from "./format-value";
import { isNumber } from "./gaps";
import { indexWithin } from "./nearest";
import type { Frame, Line, Unit } from "./types";

interface LegendProps {
  /** All lines, the hidden ones too. */
  frame: Frame;
  unit: Unit;
  colours: ReadonlyMap<string, string>;
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
}

export function Legend({ frame, unit, colours, hidden, onToggle }: LegendProps) {
  const { group } = useChartPage();
  const list = useRef<HTMLUListElement>(null);

  // The values change with every move of the pointer: they are written straight into the page, not rendered.
  const write = useEffectEvent(() => {
    const cells = list.current?.querySelectorAll<HTMLElement>("[data-value]") ?? [];
    cells.forEach((cell, index) => {
      const line = frame.lines[index];
      if (line) cell.textContent = formatValue(valueAt(frame, line, group.cursorAt), unit);
    });
  });
  useEffect(() => write());
  useEffect(() => group.subscribe(() => write()), [group]);

  return (
    <ul ref={list} className={classes.legend}>
      {frame.lines.map((line) => (
        <li key={line.id}>
          <button
            type="button"
            className={classes.entry}
            aria-pressed={!hidden.has(line.id)}
            onClick={() => onToggle(line.id)}
            title={`${visibleText(line.label, 1024)} — ${hidden.has(line.id) ? "show" : "hide"}`}
          >
            <svg className={classes.swatch} viewBox="0 0 10 10" aria-hidden="true">
              <rect width="10" height="10" rx="2" fill={colours.get(line.id)} />
            </svg>
            <bdi className={classes.label}>{visibleText(line.label)}</bdi>
            <span className={classes.value} data-value="" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function valueAt(frame: Frame, line: Line, at: number | null): number | null {
  if (at === null) return line.values.findLast(isNumber) ?? null;
  const index = indexWithin(frame.times, at, Math.max(frame.bucketSeconds, 1) * 1.5);
  return index < 0 ? null : (line.values[index] ?? null);
}
