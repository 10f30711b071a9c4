import { Button } from "@mantine/core";
import { IconAlertTriangle, IconLock, IconPlugConnectedX } from "@tabler/icons-react";
import { Problem, Unreachable } from "@/api/errors";
import { Notice } from "./notice";

interface ErrorStateProps {
  error: unknown;
  /** What failed, as the end of "… could not be loaded": "The nodes". */
  what: string;
  /** What stays true all the same. */
  stays?: string;
  onRetry?: () => void;
}

/** What failed, what stays true, and Retry; or that the signed-in person may not see it. */
export function ErrorState({ error, what, stays, onRetry }: ErrorStateProps) {
  const retry = onRetry ? (
    <Button variant="default" onClick={onRetry}>
      Retry
    </Button>
  ) : undefined;
  if (error instanceof Problem && error.status === 403) {
    return (
      <Notice icon={<IconLock />} title="You have no permission to see this">
        {sentence(error.detail || `${what} are for members with another role`)} An owner or admin of the organization
        can change your role.
      </Notice>
    );
  }
  if (error instanceof Unreachable) {
    return (
      <Notice icon={<IconPlugConnectedX />} title="Connection lost" action={retry}>
        {what} could not be loaded because the server did not answer. {stays}
      </Notice>
    );
  }
  return (
    <Notice icon={<IconAlertTriangle />} title={`${what} could not be loaded`} action={retry}>
      {sentence(error instanceof Error ? error.message : "")} {stays}
    </Notice>
  );
}

/** What a server says may or may not end in a full stop. */
function sentence(words: string): string {
  return /[.!?]$/.test(words) || words === "" ? words : `${words}.`;
}
