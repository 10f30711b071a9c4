/**
 * A server at the network's edge for component tests: answers by method and path. What no answer is set for fails like a
 * server that is away, so that a test names everything it needs.
 */

import { vi } from "vitest";

export type Answer = { status?: number; body?: unknown } | "away" | "never";

export class FakeServer {
  readonly asked: string[] = [];
  readonly #answers = new Map<string, Answer | ((url: URL, body: unknown) => Answer)>();

  constructor() {
    vi.stubGlobal("fetch", (input: string, init?: RequestInit) => this.#fetch(input, init));
    vi.stubGlobal("EventSource", FakeEvents);
    FakeEvents.all = [];
  }

  /** `call` is "GET /api/v1/nodes": the path without its parameters. */
  on(call: string, answer: Answer | ((url: URL, body: unknown) => Answer)): this {
    this.#answers.set(call, answer);
    return this;
  }

  /** Sends events to every open page. */
  send(batch: unknown): void {
    for (const events of FakeEvents.all) events.onmessage({ data: JSON.stringify(batch) });
  }

  async #fetch(input: string, init?: RequestInit): Promise<Response> {
    const url = new URL(input, "http://fleet.test");
    const call = `${init?.method ?? "GET"} ${url.pathname}`;
    this.asked.push(`${init?.method ?? "GET"} ${url.pathname}${url.search}`);
    const known = this.#answers.get(call) ?? "away";
    const answer = typeof known === "function" ? known(url, JSON.parse(String(init?.body ?? "null"))) : known;
    if (answer === "never") return new Promise<Response>(() => {});
    if (answer === "away") throw new TypeError("Failed to fetch");
    const status = answer.status ?? 200;
    return new Response(status === 204 ? null : JSON.stringify(answer.body), { status });
  }
}

class FakeEvents {
  static CLOSED = 2;
  static all: FakeEvents[] = [];
  readyState = 1;
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  onmessage: (message: { data: string }) => void = () => {};
  constructor() {
    FakeEvents.all.push(this);
    queueMicrotask(() => this.onopen());
  }
  close(): void {
    this.readyState = FakeEvents.CLOSED;
  }
}
