import { expect, it } from "vitest";
import { formatClock } from "@/shared/format/time";
import { summarize } from "./summary";

const clock = (time: number) => formatClock(new Date(time * 1000));
const span = { from: 1_800_000_000, to: 1_800_000_120 };

it("tells last, mean and highest of each line", () => {
  const frame = {
    times: [span.from, span.from + 30, span.from + 60, span.from + 90],
    bucketSeconds: 30,
    lines: [
      { id: "user", label: "user", values: [10, 40, 20, 10] },
      { id: "steal", label: "steal", values: [null, null, null, null] },
    ],
  };
  expect(summarize("CPU", frame, span, "percent")).toBe(
    `CPU, from ${clock(span.from)} to ${clock(span.to)}. user: last 10%, mean 20%, highest 40% at ${clock(span.from + 30)}.`,
  );
});

it("tells a gap by its ends and many by their number", () => {
  const one = {
    times: [0, 30, 60, 600, 630],
    bucketSeconds: 30,
    lines: [{ id: "a", label: "a", values: [1, 1, 1, 1, 1] }],
  };
  expect(summarize("Load", one, { from: 0, to: 640 }, "load")).toContain(
    `No samples from ${clock(60)} to ${clock(600)}.`,
  );
  const two = {
    times: [0, 30, 600, 630, 1200],
    bucketSeconds: 30,
    lines: [{ id: "a", label: "a", values: [1, 1, 1, 1, 1] }],
  };
  expect(summarize("Load", two, { from: 0, to: 1210 }, "load")).toContain("2 gaps without samples.");
});

it("says so when there is nothing", () => {
  const empty = { times: [], bucketSeconds: 30, lines: [] };
  expect(summarize("CPU", empty, span, "percent")).toBe(
    `CPU: no samples from ${clock(span.from)} to ${clock(span.to)}.`,
  );
});
