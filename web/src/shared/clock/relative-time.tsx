import { formatAgo, formatExact } from "@/shared/format/time";
import { useNow } from "./clock";

interface RelativeTimeProps {
  /** Unix seconds; null is "never". */
  at: number | null | undefined;
}

/** "12 min ago", ticking; the exact time with its zone on hover. */
export function RelativeTime({ at }: RelativeTimeProps) {
  const words = useNow((now) => formatAgo(at, now));
  if (at === null || at === undefined) return <span>{words}</span>;
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={formatExact(at)}>
      {words}
    </time>
  );
}
