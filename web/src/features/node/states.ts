/** What systemd and container states mean to a person who looks for trouble. */

import type { StatusKind } from "@/shared/status/status";

export type StateKind = "running" | "done" | "changing" | "failed" | "off";

export const STATE_WORDS: Record<StateKind, string> = {
  running: "running",
  done: "finished",
  changing: "changing",
  failed: "failed",
  off: "stopped",
};

export const STATE_MARKS: Record<StateKind, StatusKind> = {
  running: "online",
  done: "off",
  changing: "waiting",
  failed: "failed",
  off: "off",
};

/** Source of the words: systemd's unit states (org.freedesktop.systemd1, ActiveState and SubState). */
export function kindOfService(state: string, subState: string | null | undefined): StateKind {
  if (state === "failed") return "failed";
  if (subState === "auto-restart" || subState === "auto-restart-queued") return "failed";
  if (state === "active" || state === "running") return subState === "exited" ? "done" : "running";
  if (state === "activating" || state === "deactivating" || state === "reloading") return "changing";
  return "off";
}

/** Source of the words: Docker Engine API, container State.Status and State.Health.Status. */
export function kindOfContainer(
  state: string,
  health: string | null | undefined,
  exitCode: number | null | undefined,
): StateKind {
  if (state === "running") return health === "unhealthy" ? "failed" : health === "starting" ? "changing" : "running";
  if (state === "restarting" || state === "dead") return "failed";
  if (state === "exited" || state === "stopped") return exitCode ? "failed" : "off";
  if (state === "removing") return "changing";
  return "off";
}

/** Trouble first, then what runs: the order in which one wants to read. */
export const STATE_ORDER: Record<StateKind, number> = { failed: 0, changing: 1, running: 2, done: 3, off: 4 };

export function isStateKind(word: string | undefined): word is StateKind {
  return word !== undefined && Object.hasOwn(STATE_WORDS, word);
}
