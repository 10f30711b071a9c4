/** Times for people. Everything that comes in is Unix seconds; what goes out is short, and exact where it is asked for. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span with its largest unit, and the next one while that still matters: "42 s", "12 min", "3 h 20 min", "31 d". */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return twoUnits(whole, HOUR, "h", MINUTE, "min");
  if (whole < 10 * DAY) return twoUnits(whole, DAY, "d", HOUR, "h");
  return `${Math.floor(whole / DAY).toLocaleString("en")} d`;
}

function twoUnits(seconds: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % big) / small);
  return rest === 0
    ? `${Math.floor(seconds / big)} ${bigName}`
    : `${Math.floor(seconds / big)} ${bigName} ${rest} ${smallName}`;
}

/** "4 s ago", "12 min ago", "in 3 h". A moment that lies a little ahead is a clock that differs, not the future. */
export function formatAgo(at: number | null | undefined, now: number): string {
  if (at === null || at === undefined) return "never";
  const age = now - at;
  if (age < -5) return `in ${oneUnit(-age)}`;
  if (age < 1) return "now";
  return `${oneUnit(age)} ago`;
}

/** A span in its largest unit alone, for where room is short: "31 d". */
export function formatLargestUnit(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? "–" : oneUnit(Math.max(0, seconds));
}

function oneUnit(seconds: number): string {
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h`;
  return `${Math.floor(seconds / DAY).toLocaleString("en")} d`;
}

/** ISO order with the zone told: "2026-11-24 21:20:47 UTC+01:00", in the reader's own zone. */
export function formatExact(at: number): string {
  const date = new Date(at * 1000);
  if (Number.isNaN(date.getTime())) return "–";
  return `${formatDay(date)} ${formatClock(date)} ${formatZone(date)}`;
}

export function formatDay(date: Date): string {
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
}

export function formatClock(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
}

function formatZone(date: Date): string {
  const ahead = -date.getTimezoneOffset();
  if (ahead === 0) return "UTC";
  const size = Math.abs(ahead);
  return `UTC${ahead > 0 ? "+" : "−"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
