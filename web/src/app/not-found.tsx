import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Notice } from "@/shared/states/notice";

export function NotFound() {
  return (
    <Notice
      icon={<IconMapOff />}
      title="There is nothing at this address"
      action={
        <Button component={Link} to="/nodes" variant="default">
          Go to the nodes
        </Button>
      }
    >
      The link may be cut short, or what it led to was removed.
    </Notice>
  );
}
