import { expect, it } from "vitest";
import type { SampleRange } from "@/api/generated/model";
import { frameOf, keyedFrameOf, newestOf, shareFrameOf } from "./frames";

const range: SampleRange = {
  node_id: "n1",
  from_at: 0,
  to_at: 60,
  bucket_seconds: 30,
  times: [0, 30],
  series: [
    { metric: "load_one", unit: "load", avg: [1, 2] },
    { metric: "nic_receive_bytes_per_second", unit: "bytes_per_second", key: "eth10", avg: [1, 1] },
    { metric: "nic_receive_bytes_per_second", unit: "bytes_per_second", key: "eth9", avg: [2, 2] },
    { metric: "mount_used_bytes", unit: "bytes", key: "/", avg: [25, null], min: [20, null], max: [50, null] },
    { metric: "mount_total_bytes", unit: "bytes", key: "/", avg: [100, 0] },
    { metric: "memory_total_bytes", unit: "bytes", avg: [64, null] },
  ],
};

it("draws what this node measures", () => {
  const frame = frameOf(range, [
    { metric: "load_one", label: "1 min" },
    { metric: "pressure_io_some_percent", label: "I/O" },
  ]);
  expect(frame.lines.map((line) => line.label)).toEqual(["1 min"]);
});

it("names lines by their key, in the order of people", () => {
  const frame = keyedFrameOf(range, [{ metric: "nic_receive_bytes_per_second", label: "in" }]);
  expect(frame.lines.map((line) => line.label)).toEqual(["eth9 in", "eth10 in"]);
});

it("makes shares, with null where there is no whole", () => {
  const line = shareFrameOf(range, "mount_used_bytes", "mount_total_bytes").lines[0];
  expect(line).toMatchObject({ label: "/", values: [25, null], max: [50, null] });
});

it("finds the newest value that is known", () => {
  expect(newestOf(range, "memory_total_bytes")).toBe(64);
  expect(newestOf(range, "swap_total_bytes")).toBeUndefined();
});
