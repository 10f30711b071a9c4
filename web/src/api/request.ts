/**
 * The one way to the server: every call of the generated client passes here. Answers other than 2xx become a `Problem`
 * (RFC 9457), a request that never got an answer becomes an `Unreachable`.
 */

import { Problem, Unreachable } from "./errors";

export async function request<T>(url: string, init: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(url, { ...init, credentials: "same-origin" });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Unreachable({ cause });
  }
  if (!answer.ok) throw await Problem.from(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** The generated hooks read their error type from here. */
export type ErrorType<_Body> = Problem | Unreachable;
