import { useState } from "react";
import { useListInstallTokens } from "@/api/generated/install-tokens/install-tokens";
import type { InstallToken } from "@/api/generated/model";
import { useLiveBatches } from "@/shared/live/live";

/** Should the event be lost, the list of tokens knows it too. */
const POLL_MILLISECONDS = 5000;

/** The nodes that came with this token, in the order of their coming. */
export function useArrivals(token: InstallToken): string[] {
  const [told, setTold] = useState<readonly string[]>([]);
  const isDone = told.length >= token.uses_allowed;
  const tokens = useListInstallTokens({ query: { refetchInterval: isDone ? false : POLL_MILLISECONDS } });
  useLiveBatches((batch) => {
    const ids = batch.fleet
      .filter((event) => event.change === "enrolled" && event.token_id === token.id)
      .map((event) => event.node_id);
    if (ids.length > 0) setTold((before) => [...new Set([...before, ...ids])]);
  });
  const listed = tokens.data?.items.find(({ id }) => id === token.id)?.node_ids ?? [];
  return [...new Set([...told, ...listed])];
}
