/** The fleet as cards, for few nodes or a screen on the wall. Only the cards in view exist. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Bone } from "@/shared/states/bone";
import { useWidth } from "@/shared/table/use-width";
import type { FleetRow } from "./fleet-columns";
import classes from "./fleet-grid.module.css";
import { NodeCard } from "./node-card";

/** Pixels; a card's own height and the gap below it. */
const CARD_HEIGHT = 122;
const CARD_WIDTH = 280;
const GAP = 12;

interface FleetGridProps {
  count: number;
  rowAt: (index: number) => FleetRow | undefined;
  onRange: (first: number, last: number) => void;
  listed: string;
}

export function FleetGrid({ count, rowAt, onRange, listed }: FleetGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const room = useWidth(scroller) ?? CARD_WIDTH;
  const across = Math.max(1, Math.floor((room + GAP) / (CARD_WIDTH + GAP)));
  const lines = useVirtualizer({
    count: Math.ceil(count / across),
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT + GAP,
    overscan: 3,
    initialRect: { width: 1200, height: 720 },
  });
  const items = lines.getVirtualItems();
  const first = (items[0]?.index ?? 0) * across;
  const last = Math.max(0, Math.min(count, ((items.at(-1)?.index ?? 0) + 1) * across) - 1);
  useEffect(() => {
    onRange(first, last);
  }, [onRange, first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is what sends the cards to their top.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [listed]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    <div className={classes.scroller} ref={scroller} tabIndex={0}>
      <ul className={classes.cards} aria-label="Nodes" style={{ height: lines.getTotalSize() - GAP }}>
        {items.flatMap((line) =>
          Array.from({ length: Math.min(across, count - line.index * across) }, (_, place) => {
            const index = line.index * across + place;
            const row = rowAt(index);
            const width = (room - GAP * (across - 1)) / across;
            const transform = `translate(${place * (width + GAP)}px, ${line.start}px)`;
            return (
              <li
                key={row?.node.id ?? `place-${index}`}
                className={classes.card}
                style={{ width, height: CARD_HEIGHT, transform }}
              >
                {row === undefined ? <Bone width="60%" /> : <NodeCard row={row} />}
              </li>
            );
          }),
        )}
      </ul>
    </div>
  );
}
