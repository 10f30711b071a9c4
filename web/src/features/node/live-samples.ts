/**
 * Adds a sample that came live to a range that was fetched, at full resolution or in buckets. The metric names are those
 * of the server's samples/metrics.py.
 */

import type { ContainerSample, Sample, SampleRange, Series, SeriesUnit } from "@/api/generated/model";
import { lineNames } from "./container-use";

interface Reading {
  metric: string;
  unit: SeriesUnit;
  key: string | null;
  value: number;
}

/** The range with the sample in it; nothing in it is older than `from`. The same range when the sample is not newer. */
export function withSample(range: SampleRange, sample: Sample, from: number): SampleRange {
  return isBucketed(range) ? withSampleInBucket(range, sample, from) : withSampleAtEnd(range, sample, from);
}

export function isBucketed(range: SampleRange): boolean {
  return range.series.some((one) => one.max !== null && one.max !== undefined);
}

function withSampleAtEnd(range: SampleRange, sample: Sample, from: number): SampleRange {
  if (sample.at <= (range.times.at(-1) ?? Number.NEGATIVE_INFINITY)) return range;
  const cut = firstFrom(range.times, from);
  const times = [...range.times.slice(cut), sample.at];
  const readings = readingsById(sample);
  const known = range.series.map((one): Series => {
    const value = readings.get(idOf(one))?.value ?? null;
    readings.delete(idOf(one));
    return { ...one, avg: [...one.avg.slice(cut), value] };
  });
  const fresh = [...readings.values()].map(
    ({ metric, unit, key, value }): Series => ({ metric, unit, key, avg: [...nulls(times.length - 1), value] }),
  );
  return { ...range, to_at: Math.max(range.to_at, sample.at), times, series: [...known, ...fresh] };
}

/**
 * The bucket's mean moves by the sample's share in it. How many samples it already holds is not told; it is reckoned
 * from their interval, and made exact when the range is fetched anew.
 */
function withSampleInBucket(range: SampleRange, sample: Sample, from: number): SampleRange {
  const width = range.bucket_seconds;
  const last = range.times.at(-1);
  if (last === undefined) return range;
  const cut = firstFrom(range.times, from - width);
  const times = range.times.slice(cut);
  for (let start = last + width; start <= sample.at; start += width) times.push(start);
  const place = times.findLastIndex((start) => start <= sample.at);
  const start = times[place];
  if (start === undefined || sample.at - start >= width) return range;
  const before = Math.max(1, Math.round((sample.at - start) / Math.max(1, sample.interval_seconds)));
  const readings = readingsById(sample);
  const series = range.series.map((one): Series => {
    const value = readings.get(idOf(one))?.value;
    const column = (
      old: readonly (number | null)[] | null | undefined,
      join: (held: number, value: number) => number,
    ) => {
      const wide = [...(old ?? []).slice(cut), ...nulls(times.length)].slice(0, times.length);
      const held = wide[place];
      if (value !== undefined) wide[place] = held === null || held === undefined ? value : join(held, value);
      return wide;
    };
    return {
      ...one,
      avg: column(one.avg, (held, fresh) => held + (fresh - held) / (before + 1)),
      min: column(one.min, Math.min),
      max: column(one.max, Math.max),
    };
  });
  return { ...range, to_at: Math.max(range.to_at, sample.at), times, series };
}

function firstFrom(times: readonly number[], from: number): number {
  const first = times.findIndex((time) => time >= from);
  return first < 0 ? times.length : first;
}

function nulls(count: number): null[] {
  return Array.from({ length: Math.max(0, count) }, () => null);
}

function readingsById(sample: Sample): Map<string, Reading> {
  return new Map(readingsOf(sample).map((reading) => [idOf(reading), reading]));
}

function idOf(one: { metric: string; key?: string | null }): string {
  return `${one.metric}\n${one.key ?? ""}`;
}

function readingsOf(sample: Sample): Reading[] {
  const plain = (metric: string, unit: SeriesUnit, value: number): Reading => ({ metric, unit, key: null, value });
  const { cpu, load, memory, swap, processes, pressure } = sample;
  return [
    plain("cpu_user_percent", "percent", cpu.user_percent),
    plain("cpu_system_percent", "percent", cpu.system_percent),
    plain("cpu_iowait_percent", "percent", cpu.iowait_percent),
    plain("cpu_steal_percent", "percent", cpu.steal_percent),
    plain("cpu_idle_percent", "percent", cpu.idle_percent),
    plain("load_one", "load", load.one),
    plain("load_five", "load", load.five),
    plain("load_fifteen", "load", load.fifteen),
    plain("memory_total_bytes", "bytes", memory.total_bytes),
    plain("memory_used_bytes", "bytes", memory.used_bytes),
    plain("memory_cached_bytes", "bytes", memory.cached_bytes),
    plain("memory_buffers_bytes", "bytes", memory.buffers_bytes),
    plain("swap_total_bytes", "bytes", swap.total_bytes),
    plain("swap_used_bytes", "bytes", swap.used_bytes),
    plain("processes_total", "count", processes.total),
    plain("processes_running", "count", processes.running),
    plain("processes_blocked", "count", processes.blocked),
    ...(pressure
      ? [
          plain("pressure_cpu_some_percent", "percent", pressure.cpu_some_percent),
          plain("pressure_memory_some_percent", "percent", pressure.memory_some_percent),
          plain("pressure_memory_full_percent", "percent", pressure.memory_full_percent),
          plain("pressure_io_some_percent", "percent", pressure.io_some_percent),
          plain("pressure_io_full_percent", "percent", pressure.io_full_percent),
        ]
      : []),
    ...(sample.cores_busy_percent ?? []).map(
      (value, core): Reading => ({ metric: "core_busy_percent", unit: "percent", key: String(core), value }),
    ),
    ...(sample.mounts ?? []).flatMap((mount): Reading[] => [
      { metric: "mount_total_bytes", unit: "bytes", key: mount.mount, value: mount.total_bytes },
      { metric: "mount_used_bytes", unit: "bytes", key: mount.mount, value: mount.used_bytes },
      { metric: "mount_inodes_total", unit: "count", key: mount.mount, value: mount.inodes_total },
      { metric: "mount_inodes_used", unit: "count", key: mount.mount, value: mount.inodes_used },
    ]),
    ...(sample.disks ?? []).flatMap((disk): Reading[] => [
      {
        metric: "disk_read_bytes_per_second",
        unit: "bytes_per_second",
        key: disk.device,
        value: disk.read_bytes_per_second,
      },
      {
        metric: "disk_write_bytes_per_second",
        unit: "bytes_per_second",
        key: disk.device,
        value: disk.write_bytes_per_second,
      },
      { metric: "disk_busy_percent", unit: "percent", key: disk.device, value: disk.busy_percent },
    ]),
    ...(sample.nics ?? []).flatMap((nic): Reading[] => [
      {
        metric: "nic_receive_bytes_per_second",
        unit: "bytes_per_second",
        key: nic.nic,
        value: nic.receive_bytes_per_second,
      },
      {
        metric: "nic_transmit_bytes_per_second",
        unit: "bytes_per_second",
        key: nic.nic,
        value: nic.transmit_bytes_per_second,
      },
      {
        metric: "nic_receive_errors_per_second",
        unit: "per_second",
        key: nic.nic,
        value: nic.receive_errors_per_second,
      },
      {
        metric: "nic_transmit_errors_per_second",
        unit: "per_second",
        key: nic.nic,
        value: nic.transmit_errors_per_second,
      },
    ]),
    ...containerReadings(sample.containers ?? []),
  ];
}

/** What was not measured has no reading. */
function containerReadings(containers: readonly ContainerSample[]): Reading[] {
  const names = lineNames(containers);
  return containers.flatMap((one, index): Reading[] => {
    const key = names[index] ?? one.name;
    const known = (metric: string, unit: SeriesUnit, value: number | null | undefined): Reading[] =>
      value === null || value === undefined ? [] : [{ metric, unit, key, value }];
    return [
      ...known("container_cpu_percent", "percent", one.cpu_percent),
      ...known("container_memory_bytes", "bytes", one.memory_bytes),
      ...known("container_receive_bytes_per_second", "bytes_per_second", one.receive_bytes_per_second),
      ...known("container_transmit_bytes_per_second", "bytes_per_second", one.transmit_bytes_per_second),
      ...known("container_read_bytes_per_second", "bytes_per_second", one.read_bytes_per_second),
      ...known("container_write_bytes_per_second", "bytes_per_second", one.write_bytes_per_second),
    ];
  });
}
