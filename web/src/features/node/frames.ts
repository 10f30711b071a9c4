/** From the server's columns to the frames of the charts: which metrics stand together, and under which names. */

import type { SampleRange, Series } from "@/api/generated/model";
import type { Column, Frame, Line } from "@/shared/charts/types";

/** One line of a chart for a metric without a key. */
export interface Pick {
  metric: string;
  label: string;
}

/** A line per pick that the range has; a metric this node cannot measure has no line. */
export function frameOf(range: SampleRange, picks: readonly Pick[]): Frame {
  const lines = picks.flatMap(({ metric, label }) => {
    const series = range.series.find((one) => one.metric === metric);
    return series ? [lineOf(series, metric, label)] : [];
  });
  return frame(range, lines);
}

/** A line per key (mount, disk, NIC, core) and pick: "eth0 in", "eth0 out". */
export function keyedFrameOf(range: SampleRange, picks: readonly Pick[], nameKey = (key: string) => key): Frame {
  const lines = picks.flatMap(({ metric, label }) =>
    range.series
      .filter((one) => one.metric === metric)
      .map((series) => lineOf(series, `${metric} ${series.key ?? ""}`, `${nameKey(series.key ?? "")} ${label}`.trim())),
  );
  return frame(
    range,
    lines.sort((a, b) => compare(a.label, b.label)),
  );
}

/** A line per key: the share of one metric in another, in percent. */
export function shareFrameOf(range: SampleRange, part: string, whole: string): Frame {
  const lines = range.series
    .filter((one) => one.metric === part)
    .flatMap((series): Line[] => {
      const total = range.series.find((one) => one.metric === whole && one.key === series.key);
      if (!total) return [];
      const share = (column: Column | null | undefined): Column | undefined =>
        column?.map((value, index) => percent(value, total.avg[index]));
      return [
        {
          id: `${part} ${series.key ?? ""}`,
          label: series.key ?? "",
          values: share(series.avg) ?? [],
          min: share(series.min),
          max: share(series.max),
        },
      ];
    });
  return frame(
    range,
    lines.sort((a, b) => compare(a.label, b.label)),
  );
}

/** The newest value of a metric, for what hardly moves: all of the memory. */
export function newestOf(range: SampleRange, metric: string): number | undefined {
  const series = range.series.find((one) => one.metric === metric);
  return series?.avg.findLast((value) => value !== null) ?? undefined;
}

function lineOf(series: Series, id: string, label: string): Line {
  return { id, label, values: series.avg, min: series.min ?? undefined, max: series.max ?? undefined };
}

function frame(range: SampleRange, lines: readonly Line[]): Frame {
  return { times: range.times, lines, bucketSeconds: range.bucket_seconds };
}

function percent(part: number | null | undefined, whole: number | null | undefined): number | null {
  if (part === null || part === undefined || !whole) return null;
  return (part / whole) * 100;
}

const collator = new Intl.Collator("en", { numeric: true });

function compare(one: string, other: string): number {
  return collator.compare(one, other);
}
