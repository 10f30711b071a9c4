/**
 * What the charts of one page share: one cursor over all of them, one window of time while it is dragged, and the hold
 * that keeps new data back as long as somebody is dragging. It changes many times a second, so it stands outside React.
 */

import { createContext, useContext } from "react";
import type { Span } from "./types";

type Listener = () => void;

export class ChartGroup {
  /** Where the cursor stands (Unix seconds), null when it is nowhere. */
  cursorAt: number | null = null;
  /** The window as a drag would have it; null when none is going on. */
  preview: Span | null = null;
  isHeld = false;
  readonly #listeners = new Set<Listener>();
  #frame = 0;

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  moveCursor(time: number | null): void {
    if (time === this.cursorAt) return;
    this.cursorAt = time;
    this.#tellSoon();
  }

  hold(): void {
    this.isHeld = true;
  }

  /** Ends a drag; what was kept back is drawn now. */
  release(): void {
    this.isHeld = false;
    this.preview = null;
    this.#tellSoon();
  }

  dragTo(span: Span): void {
    this.preview = span;
    this.#tellSoon();
  }

  /** Once a frame, however often the pointer moves. */
  #tellSoon(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      for (const listener of this.#listeners) listener();
    });
  }
}

export interface ChartPage {
  readonly group: ChartGroup;
  readonly span: Span;
  /** Asks for another window; null is the page's own one. */
  readonly onSpan: (span: Span | null) => void;
  /** The newest moment there can be data of. */
  readonly now: number;
}

export const ChartPageContext = createContext<ChartPage | null>(null);

export function useChartPage(): ChartPage {
  const page = useContext(ChartPageContext);
  if (page === null) throw new Error("A chart needs a ChartPageContext around it.");
  return page;
}
