import { isWorthRetrying, type Problem, type Unreachable } from "@/api/errors";

const FAILED_AGAIN_MILLISECONDS = 10_000;

/**
 * For a query's `refetchInterval`: this often, or never; and soon where it failed for want of a server, without anybody
 * having to ask.
 */
export function refetchEvery(milliseconds: number | false) {
  return ({ state }: { state: { error: Problem | Unreachable | null } }): number | false =>
    isWorthRetrying(state.error) ? FAILED_AGAIN_MILLISECONDS : milliseconds;
}
