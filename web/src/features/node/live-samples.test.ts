import { describe, expect, it } from "vitest";
import type { Sample, SampleRange } from "@/api/generated/model";
import { withSample } from "./live-samples";

const sample: Sample = {
  at: 160,
  interval_seconds: 30,
  uptime_seconds: 1,
  cpu: { user_percent: 7, system_percent: 2, iowait_percent: 0, steal_percent: 0, idle_percent: 91 },
  load: { one: 1, five: 1, fifteen: 1 },
  memory: { total_bytes: 8, used_bytes: 4, available_bytes: 4, cached_bytes: 1, buffers_bytes: 1 },
  swap: { total_bytes: 0, used_bytes: 0 },
  processes: { total: 100, running: 1, blocked: 0 },
  nics: [
    {
      nic: "eth0",
      receive_bytes_per_second: 5,
      transmit_bytes_per_second: 6,
      receive_errors_per_second: 0,
      transmit_errors_per_second: 0,
      receive_bytes_total: 1,
      transmit_bytes_total: 1,
    },
  ],
};
const range: SampleRange = {
  node_id: "n1",
  from_at: 100,
  to_at: 130,
  bucket_seconds: 30,
  times: [100, 130],
  series: [
    { metric: "cpu_user_percent", unit: "percent", avg: [1, 2] },
    { metric: "nic_receive_bytes_per_second", unit: "bytes_per_second", key: "wg0", avg: [3, 4] },
  ],
};

describe("a live sample", () => {
  it("is added to every line, as a gap where it says nothing", () => {
    const after = withSample(range, sample, 100);
    expect(after.times).toEqual([100, 130, 160]);
    expect(after.series[0]?.avg).toEqual([1, 2, 7]);
    expect(after.series[1]?.avg).toEqual([3, 4, null]);
  });

  it("brings a line of its own for what is new", () => {
    const after = withSample(range, sample, 100);
    const eth0 = after.series.find((one) => one.metric === "nic_receive_bytes_per_second" && one.key === "eth0");
    expect(eth0?.avg).toEqual([null, null, 5]);
    for (const series of after.series) expect(series.avg).toHaveLength(3);
  });

  it("lets go of what left the window", () => {
    const after = withSample(range, sample, 120);
    expect(after.times).toEqual([130, 160]);
    expect(after.series[0]?.avg).toEqual([2, 7]);
  });

  it("that is not newer changes nothing", () => {
    expect(withSample(range, { ...sample, at: 130 }, 100)).toBe(range);
  });
});

describe("a live sample among buckets", () => {
  const bucketed: SampleRange = {
    ...range,
    bucket_seconds: 60,
    times: [0, 60, 120, 180],
    series: [
      { metric: "cpu_user_percent", unit: "percent", avg: [1, 2, 4, null], min: [1, 2, 3, null], max: [1, 2, 5, null] },
    ],
  };

  it("moves the mean of its bucket and widens its band", () => {
    const { times, series } = withSample(bucketed, sample, 0);
    expect(times).toEqual([0, 60, 120, 180]);
    // One sample was there before it (at 130, every 30 s): the mean of 4 and 7.
    expect(series[0]).toMatchObject({ avg: [1, 2, 5.5, null], min: [1, 2, 3, null], max: [1, 2, 7, null] });
  });

  it("fills a bucket of its own where there was none yet", () => {
    const { times, series } = withSample(bucketed, { ...sample, at: 310 }, 0);
    expect(times).toEqual([0, 60, 120, 180, 240, 300]);
    expect(series[0]?.avg).toEqual([1, 2, 4, null, null, 7]);
  });

  it("lets go of what left the window", () => {
    expect(withSample(bucketed, sample, 120).times).toEqual([60, 120, 180]);
  });
});
