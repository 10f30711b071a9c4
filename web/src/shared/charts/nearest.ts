/** Finds the sample that a moment belongs to. `times` ascend. */

/** The index of the time nearest to `time`; -1 when there is none. */
export function nearestIndex(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  const before = times[low - 1];
  const at = times[low];
  if (before === undefined || at === undefined) return times.length === 0 ? -1 : low;
  return time - before <= at - time ? low - 1 : low;
}

/** As above, but -1 when the nearest lies further away than `reach`: the cursor stands in a gap there. */
export function indexWithin(times: readonly number[], time: number, reach: number): number {
  const index = nearestIndex(times, time);
  return index >= 0 && Math.abs((times[index] ?? 0) - time) <= reach ? index : -1;
}
