import { Button } from "@mantine/core";
import { IconBug } from "@tabler/icons-react";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { Problem, Unreachable } from "@/api/errors";
import { ErrorState } from "@/shared/states/error-state";
import { Notice } from "@/shared/states/notice";

/** A view that broke takes only itself down; Retry loads it anew. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof Problem || error instanceof Unreachable) {
    const retry = () => {
      reset();
      void router.invalidate();
    };
    return <ErrorState error={error} what="This page" stays="Your servers go on reporting." onRetry={retry} />;
  }
  const reload = (
    <Button variant="default" onClick={() => window.location.reload()}>
      Reload the page
    </Button>
  );
  return (
    <Notice icon={<IconBug />} title="This page broke" action={reload}>
      The fault is in the dashboard ({error instanceof Error ? error.message : String(error)}), not in your servers.
      They go on reporting.
    </Notice>
  );
}
