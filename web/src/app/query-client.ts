import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isSignedOut, isWorthRetrying } from "@/api/errors";
import { getGetSessionQueryKey } from "@/api/generated/session/session";
import { refetchEvery } from "@/shared/refetch/refetch-every";

/** `onExpired` is called when any call finds the session over; the router then leads to the sign-in. */
export function makeQueryClient(onExpired: () => void): QueryClient {
  const watch = (error: unknown): void => {
    if (!isSignedOut(error)) return;
    const session = getGetSessionQueryKey();
    if (client.getQueryData(session) === undefined) return;
    client.removeQueries({ queryKey: session });
    onExpired();
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        // Events keep pages fresh; this only bounds how old a page may be that comes back from behind another tab.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
        refetchInterval: refetchEvery(false),
        retryDelay: (failures) => 500 * 2 ** failures,
        // Whether the browser believes itself online says nothing about a server in the same house.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  return client;
}
