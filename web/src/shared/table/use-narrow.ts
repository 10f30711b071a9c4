import { type RefObject, useLayoutEffect, useState } from "react";

/** Below this many pixels columns no longer tell anything. */
const NARROW = 640;

/** True while the element is too narrow for columns. */
export function useNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target || typeof ResizeObserver === "undefined") return;
    const measure = () => setNarrow(target.clientWidth > 0 && target.clientWidth < NARROW);
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return narrow;
}
