/** The charts of a node, in the order in which one looks for trouble. */

import { useMemo } from "react";
import type { SampleRange } from "@/api/generated/model";
import { Chart } from "@/shared/charts/chart";
import type { Column } from "@/shared/charts/types";
import { frameOf, keyedFrameOf, newestOf, shareFrameOf } from "./frames";
import classes from "./overview.module.css";

interface NodeChartsProps {
  /** Undefined while the first one is fetched. */
  range: SampleRange | undefined;
  cpuCount: number | null | undefined;
  bootAt: number | null | undefined;
  isStale: boolean;
}

const CPU = [
  { metric: "cpu_user_percent", label: "user" },
  { metric: "cpu_system_percent", label: "system" },
  { metric: "cpu_iowait_percent", label: "iowait" },
  { metric: "cpu_steal_percent", label: "steal" },
];
const CORES = [{ metric: "core_busy_percent", label: "" }];
const MEMORY = [
  { metric: "memory_used_bytes", label: "used" },
  { metric: "memory_cached_bytes", label: "cached" },
  { metric: "memory_buffers_bytes", label: "buffers" },
];
const SWAP = [{ metric: "swap_used_bytes", label: "used" }];
const LOAD = [
  { metric: "load_one", label: "1 min" },
  { metric: "load_five", label: "5 min" },
  { metric: "load_fifteen", label: "15 min" },
];
const PRESSURE = [
  { metric: "pressure_cpu_some_percent", label: "CPU, some" },
  { metric: "pressure_memory_some_percent", label: "memory, some" },
  { metric: "pressure_memory_full_percent", label: "memory, full" },
  { metric: "pressure_io_some_percent", label: "I/O, some" },
  { metric: "pressure_io_full_percent", label: "I/O, full" },
];
const DISK_IO = [
  { metric: "disk_read_bytes_per_second", label: "read" },
  { metric: "disk_write_bytes_per_second", label: "write" },
];
const NETWORK = [
  { metric: "nic_receive_bytes_per_second", label: "in" },
  { metric: "nic_transmit_bytes_per_second", label: "out" },
];
const NETWORK_ERRORS = [
  { metric: "nic_receive_errors_per_second", label: "in" },
  { metric: "nic_transmit_errors_per_second", label: "out" },
];
const CONTAINER_CPU = [{ metric: "container_cpu_percent", label: "" }];
const CONTAINER_MEMORY = [{ metric: "container_memory_bytes", label: "" }];
const PROCESSES = [
  { metric: "processes_total", label: "all" },
  { metric: "processes_running", label: "running" },
  { metric: "processes_blocked", label: "blocked" },
];

export function NodeCharts({ range, cpuCount, bootAt, isStale }: NodeChartsProps) {
  const frames = useMemo(() => range && framesOf(range), [range]);
  const marks = useMemo(() => (bootAt ? [{ at: bootAt, label: "boot" }] : []), [bootAt]);
  const all = { isStale, marks };
  const cpus = cpuCount ? ` of ${cpuCount} vCPU` : "";
  return (
    <div className={classes.charts}>
      <Chart title="CPU" note={`share${cpus}`} unit="percent" isStacked frame={frames?.cpu} {...all} />
      <Chart title="Memory" unit="bytes" isStacked frame={frames?.memory} ceiling={frames?.memoryTotal} {...all} />
      <Chart title="Network" note="by interface" unit="bytes_per_second" frame={frames?.network} {...all} />
      <Chart title="Disk use" note="share by mount" unit="percent" merging="highest" frame={frames?.mounts} {...all} />
      <Chart title="Disk I/O" note="by device" unit="bytes_per_second" frame={frames?.disks} {...all} />
      <Chart
        title="Load"
        note={cpuCount ? `at ${cpuCount} all vCPU are busy` : undefined}
        unit="load"
        frame={frames?.load}
        {...all}
      />
      <Chart
        title="Pressure"
        note="share of time in which tasks waited"
        unit="percent"
        frame={frames?.pressure}
        empty="This kernel does not measure pressure (PSI)."
        {...all}
      />
      <Chart title="Cores" note="busy share" unit="percent" merging="mean" frame={frames?.cores} {...all} />
      <Chart
        title="Swap"
        unit="bytes"
        frame={frames?.swap}
        ceiling={frames?.swapTotal}
        empty={frames?.hasSwap === false ? "This node has no swap." : undefined}
        {...all}
      />
      <Chart title="Processes" unit="count" frame={frames?.processes} {...all} />
      <Chart
        title="Inodes"
        note="share used by mount"
        unit="percent"
        merging="highest"
        frame={frames?.inodes}
        {...all}
      />
      {frames === undefined || frames.containerCpu.lines.length === 0 ? null : (
        <Chart title="Container CPU" note="share of one core" unit="percent" frame={frames.containerCpu} {...all} />
      )}
      {frames === undefined || frames.containerMemory.lines.length === 0 ? null : (
        <Chart title="Container memory" unit="bytes" frame={frames.containerMemory} {...all} />
      )}
      <Chart title="Network errors" note="by interface" unit="per_second" frame={frames?.networkErrors} {...all} />
    </div>
  );
}

/** The most that the CPUs were busy within each bucket: all that the least idle share left. */
function busiestOf(range: SampleRange): Column | undefined {
  const idle = range.series.find((one) => one.metric === "cpu_idle_percent")?.min;
  return idle?.map((least) => (least === null ? null : 100 - least));
}

function framesOf(range: SampleRange) {
  const swapTotal = newestOf(range, "swap_total_bytes");
  return {
    cpu: { ...frameOf(range, CPU), peak: busiestOf(range) },
    cores: keyedFrameOf(range, CORES, (core) => `core ${core}`),
    memory: frameOf(range, MEMORY),
    memoryTotal: newestOf(range, "memory_total_bytes"),
    swap: frameOf(range, swapTotal === 0 ? [] : SWAP),
    swapTotal: swapTotal || undefined,
    hasSwap: swapTotal === undefined ? undefined : swapTotal > 0,
    load: frameOf(range, LOAD),
    pressure: frameOf(range, PRESSURE),
    mounts: shareFrameOf(range, "mount_used_bytes", "mount_total_bytes"),
    inodes: shareFrameOf(range, "mount_inodes_used", "mount_inodes_total"),
    disks: keyedFrameOf(range, DISK_IO),
    network: keyedFrameOf(range, NETWORK),
    containerCpu: keyedFrameOf(range, CONTAINER_CPU),
    containerMemory: keyedFrameOf(range, CONTAINER_MEMORY),
    networkErrors: keyedFrameOf(range, NETWORK_ERRORS),
    processes: frameOf(range, PROCESSES),
  };
}
