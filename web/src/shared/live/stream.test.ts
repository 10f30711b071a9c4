import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LiveBatch } from "./merge";
import { LiveStream } from "./stream";

class FakeSource {
  static CLOSED = 2;
  static all: FakeSource[] = [];
  onopen: () => void = () => {};
  onmessage: (message: { data: string }) => void = () => {};
  onerror: () => void = () => {};
  readyState = 0;
  url: string;
  constructor(url: string) {
    this.url = url;
    FakeSource.all.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
}

function newest(): FakeSource {
  const source = FakeSource.all.at(-1);
  if (!source) throw new Error("No stream was opened.");
  return source;
}

const streams: LiveStream[] = [];

function made(): LiveStream {
  const stream = new LiveStream();
  streams.push(stream);
  return stream;
}

const seen = (id: string) => ({ data: JSON.stringify({ seen: [{ node_id: id, seen_at: 1 }] }) });

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("hands out what came within a quarter second at once", () => {
  const stream = made();
  const got: LiveBatch[] = [];
  stream.onBatch((batch) => got.push(batch));
  stream.start();
  newest().onopen();
  for (let index = 0; index < 50; index += 1) newest().onmessage(seen(`n${index % 10}`));
  expect(got).toHaveLength(0);
  vi.advanceTimersByTime(250);
  expect(got.map((batch) => batch.seen.length)).toEqual([10]);
});

it("draws nothing for a heartbeat", () => {
  const stream = made();
  const got: LiveBatch[] = [];
  stream.onBatch((batch) => got.push(batch));
  stream.start();
  newest().onmessage({ data: "{}" });
  vi.advanceTimersByTime(1000);
  expect(got).toHaveLength(0);
});

it("says so when it is lost and when it is back", () => {
  const stream = made();
  const returned = vi.fn();
  stream.onReturn(returned);
  stream.start();
  newest().onopen();
  expect([stream.state, returned.mock.calls.length]).toEqual(["open", 0]);
  newest().onerror();
  expect(stream.state).toBe("lost");
  newest().onopen();
  expect([stream.state, returned.mock.calls.length]).toEqual(["open", 1]);
});

it("tries again by itself after an answer that ends the browser's own tries", () => {
  const stream = made();
  stream.start();
  newest().close();
  newest().onerror();
  vi.advanceTimersByTime(1000);
  expect(FakeSource.all).toHaveLength(2);
});

it("notices a connection that died without a word", () => {
  const stream = made();
  stream.start();
  newest().onopen();
  vi.advanceTimersByTime(39_000);
  newest().onmessage({ data: "{}" });
  vi.advanceTimersByTime(39_000);
  expect(stream.state).toBe("open");
  vi.advanceTimersByTime(2000);
  expect([stream.state, FakeSource.all.length]).toEqual(["lost", 2]);
});

it("opens anew for the node in view, and only then", () => {
  const stream = made();
  stream.start();
  stream.focus("a b");
  stream.focus("a b");
  expect(FakeSource.all.map(({ url }) => url)).toEqual(["/api/v1/events", "/api/v1/events?node_id=a+b"]);
});

it("keeps nothing after it was stopped", () => {
  const stream = made();
  const got = vi.fn();
  stream.onBatch(got);
  stream.start();
  newest().onmessage(seen("a"));
  stream.stop();
  vi.advanceTimersByTime(60_000);
  expect([got.mock.calls.length, FakeSource.all.length]).toEqual([0, 1]);
});

it("lets its connection go while nobody looks, and catches up afterwards", () => {
  const stream = made();
  const returned = vi.fn();
  stream.onReturn(returned);
  stream.start();
  newest().onopen();
  look("hidden");
  vi.advanceTimersByTime(10_000);
  look("visible");
  expect(FakeSource.all).toHaveLength(1);
  newest().onmessage({ data: "{}" });
  look("hidden");
  vi.advanceTimersByTime(31_000);
  expect([newest().readyState, stream.state]).toEqual([FakeSource.CLOSED, "open"]);
  look("visible");
  newest().onopen();
  expect([FakeSource.all.length, returned.mock.calls.length]).toEqual([2, 1]);
});

function look(state: DocumentVisibilityState): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}
