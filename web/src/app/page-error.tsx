import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorState } from "@/shared/states/error-state";

/** A view that broke takes only itself down; Retry loads it anew. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <ErrorState error={error} what="This page" stays="Your servers go on reporting." onRetry={retry} />;
}
