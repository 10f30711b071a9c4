/**
 * The tab's one stream of events (server-sent, /api/v1/events). It merges what comes and hands it out at most four times
 * a second; when the connection was lost and is back, it says so, because nothing is replayed.
 */

import type { EventBatch } from "@/api/generated/model";
import { type LiveBatch, mergeBatches, NOTHING } from "./merge";

export type LiveState = "connecting" | "open" | "lost";
export type BatchListener = (batch: LiveBatch) => void;

const PAINT_MILLISECONDS = 250;
/** The server says something every 15 s at least; after this long without a word the connection is dead, unnoticed. */
const SILENCE_MILLISECONDS = 40_000;
/** A tab that nobody has looked at for this long lets its stream go: over HTTP/1.1 a browser has six for all of them. */
const UNSEEN_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = [1000, 2000, 5000, 10_000];

export class LiveStream {
  #state: LiveState = "connecting";
  #source: EventSource | undefined;
  #waiting: LiveBatch = NOTHING;
  #paint: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #sleep: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #wasLost = false;
  #node: string | undefined;
  readonly #batches = new Set<BatchListener>();
  readonly #states = new Set<() => void>();
  readonly #returns = new Set<() => void>();

  get state(): LiveState {
    return this.#state;
  }

  readonly onBatch = (listener: BatchListener): (() => void) => add(this.#batches, listener);
  readonly onState = (listener: () => void): (() => void) => add(this.#states, listener);
  /** Called when the connection is back, or a new one was needed: what was fetched before may be old. */
  readonly onReturn = (listener: () => void): (() => void) => add(this.#returns, listener);

  start(): void {
    if (this.#source || this.#retry !== undefined) return;
    document.addEventListener("visibilitychange", this.#look);
    this.#open();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#look);
    this.#close();
  }

  readonly #look = (): void => {
    clearTimeout(this.#sleep);
    if (document.visibilityState === "hidden") {
      this.#sleep = setTimeout(() => this.#close(), UNSEEN_MILLISECONDS);
    } else if (!this.#source && this.#retry === undefined) {
      // Seen again: what happened in between is fetched, as after a lost connection.
      this.#wasLost = true;
      this.#open();
    }
  };

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
    for (const timer of [this.#paint, this.#retry, this.#watch, this.#sleep]) clearTimeout(timer);
    this.#paint = undefined;
    this.#retry = undefined;
    this.#waiting = NOTHING;
  }

  /** Also asks for every sample of one node, for the page that shows it; undefined: of none. */
  focus(node: string | undefined): void {
    if (this.#node === node) return;
    this.#node = node;
    if (!this.#source) return;
    this.#source.close();
    // What happens before the new stream is open is told to nobody: what was fetched by then may be old.
    this.#wasLost = true;
    this.#open();
  }

  #open(): void {
    this.#retry = undefined;
    const query = this.#node === undefined ? "" : `?${new URLSearchParams({ node_id: this.#node })}`;
    const source = new EventSource(`/api/v1/events${query}`);
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.#heard();
      this.#become("open");
      if (!this.#wasLost) return;
      this.#wasLost = false;
      for (const listener of this.#returns) listener();
    };
    source.onmessage = (message: MessageEvent<string>) => {
      this.#heard();
      this.#receive(JSON.parse(message.data) as EventBatch);
    };
    source.onerror = () => {
      if (this.#source !== source) return;
      this.#lose();
      // The browser tries again by itself after a broken connection, but not after an answer such as 503.
      if (source.readyState !== EventSource.CLOSED) return;
      const delay = RETRY_MILLISECONDS[Math.min(this.#failures, RETRY_MILLISECONDS.length - 1)];
      this.#failures += 1;
      this.#retry = setTimeout(() => this.#open(), delay);
    };
  }

  #lose(): void {
    clearTimeout(this.#watch);
    this.#wasLost = true;
    this.#become("lost");
  }

  #heard(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#lose();
      this.#source?.close();
      this.#open();
    }, SILENCE_MILLISECONDS);
  }

  #become(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#states) listener();
  }

  #receive(batch: EventBatch): void {
    this.#waiting = mergeBatches(this.#waiting, batch);
    if (isEmpty(this.#waiting)) return;
    this.#paint ??= setTimeout(() => {
      const ready = this.#waiting;
      this.#waiting = NOTHING;
      this.#paint = undefined;
      for (const listener of this.#batches) listener(ready);
    }, PAINT_MILLISECONDS);
  }
}

function isEmpty(batch: LiveBatch): boolean {
  return batch.seen.length + batch.status.length + batch.inventory.length + batch.fleet.length === 0;
}

function add<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}
