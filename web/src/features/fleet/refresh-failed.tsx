import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Banner } from "@/shared/states/banner";

interface RefreshFailedProps {
  error: Error;
  onRetry: () => void;
}

/** Some rows could not be fetched; those that could stay. */
export function RefreshFailed({ error, onRetry }: RefreshFailedProps) {
  return (
    <Banner
      tone="warn"
      icon={<IconAlertTriangle />}
      action={
        <Button variant="default" size="compact-sm" onClick={onRetry}>
          Retry
        </Button>
      }
    >
      <strong>Some nodes could not be fetched.</strong> {error.message}
    </Banner>
  );
}
