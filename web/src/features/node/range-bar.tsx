/** Chooses the window of time: by a name, or back and forth in it by buttons that do what the mouse does on a chart. */

import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconZoomIn, IconZoomOut, IconZoomReset } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { spanWords } from "@/shared/charts/summary";
import { panned, zoomed } from "@/shared/charts/time-window";
import type { Span } from "@/shared/charts/types";
import { RANGES, type RangeName } from "./node-search";
import classes from "./overview.module.css";
import type { Window } from "./time-range";

interface RangeBarProps {
  window: Window;
  now: number;
  onRange: (range: RangeName) => void;
  onSpan: (span: Span | null) => void;
}

const NAMES: Record<RangeName, string> = { "1h": "1 h", "6h": "6 h", "24h": "24 h", "7d": "7 d", "30d": "30 d" };

export function RangeBar({ window, now, onRange, onSpan }: RangeBarProps) {
  const names = Object.keys(RANGES) as RangeName[];
  const chosen = names.find((name) => RANGES[name] === window.seconds);
  const width = window.span.to - window.span.from;
  return (
    <div className={classes.bar}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend that nobody needs here. */}
      <div role="group" aria-label="Time range" className={classes.ranges}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            className={classes.range}
            aria-pressed={name === chosen}
            onClick={() => onRange(name)}
          >
            {NAMES[name]}
          </button>
        ))}
      </div>
      <Group gap={4} wrap="nowrap">
        <Act
          label="Back in time"
          icon={<IconChevronLeft size={16} />}
          onClick={() => onSpan(panned(window.span, -width / 2, now))}
        />
        <Act
          label="Forward in time"
          icon={<IconChevronRight size={16} />}
          disabled={chosen !== undefined}
          onClick={() => onSpan(panned(window.span, width / 2, now))}
        />
        <Act label="Zoom in" icon={<IconZoomIn size={16} />} onClick={() => onSpan(zoomed(window.span, 0.5, now))} />
        <Act label="Zoom out" icon={<IconZoomOut size={16} />} onClick={() => onSpan(zoomed(window.span, 2, now))} />
        <Act
          label="Back to live"
          icon={<IconZoomReset size={16} />}
          disabled={chosen !== undefined}
          onClick={() => onSpan(null)}
        />
      </Group>
      <span className={classes.span}>
        {chosen === undefined ? spanWords(window.span) : `last ${NAMES[chosen]}, live`}
      </span>
      <span className={classes.hint}>Drag to zoom · drag the time axis to pan · double click to reset</span>
    </div>
  );
}

interface ActProps {
  label: string;
  icon: ReactNode;
  disabled?: boolean;
  onClick: () => void;
}

function Act({ label, icon, disabled = false, onClick }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} disabled={disabled} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
