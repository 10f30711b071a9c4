/** One clock for the whole tab: everything relative ticks together, once a second, and only while the tab is seen. */

import { useSyncExternalStore } from "react";

let now = Math.floor(Date.now() / 1000);
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  if (document.visibilityState === "hidden") return;
  now = Math.floor(Date.now() / 1000);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    tick();
    timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    document.removeEventListener("visibilitychange", tick);
  };
}

/** What `choose` makes of the present (Unix seconds); the component is drawn again only when that answer changes. */
export function useNow<T extends string | number | boolean>(choose: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => choose(now));
}
