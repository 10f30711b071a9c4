/** How long a certificate is still good for, as a word, a shape and an order. */

import { formatLargestUnit } from "@/shared/format/time";
import type { StatusKind } from "@/shared/status/status";

export type Validity = "expired" | "days" | "soon" | "good" | "future";

const DAY = 86_400;
/** Renewals come a month (Let's Encrypt) or more before the end: with less than this left, one did not come. */
const SOON_SECONDS = 21 * DAY;
/** From here on somebody has to do something today. */
const DAYS_SECONDS = 7 * DAY;

export const VALIDITIES: readonly Validity[] = ["expired", "days", "soon", "good", "future"];

export const VALIDITY_WORDS: Readonly<Record<Validity, string>> = {
  expired: "expired",
  days: "less than 7 days",
  soon: "less than 21 days",
  good: "good",
  future: "not valid yet",
};

export const VALIDITY_MARKS: Readonly<Record<Validity, StatusKind>> = {
  expired: "failed",
  days: "silent",
  soon: "partly-seen",
  good: "online",
  future: "waiting",
};

export function validityOf(notBefore: number, notAfter: number, now: number): Validity {
  if (now >= notAfter) return "expired";
  if (now < notBefore) return "future";
  if (notAfter - now < DAYS_SECONDS) return "days";
  return notAfter - now < SOON_SECONDS ? "soon" : "good";
}

/** "expired 3 d ago", "6 d left", "valid in 2 d". */
export function validityWords(times: { validity: Validity; notBefore: number; notAfter: number }, now: number): string {
  if (times.validity === "expired") return `expired ${formatLargestUnit(now - times.notAfter)} ago`;
  if (times.validity === "future") return `valid in ${formatLargestUnit(times.notBefore - now)}`;
  return `${formatLargestUnit(times.notAfter - now)} left`;
}
