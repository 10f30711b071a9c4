import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { mayChange, useSession } from "@/shared/session/session";

/** Opens the dialog through the address; not there for those who may only look. */
export function AddServerButton({ large = false }: { large?: boolean }) {
  if (!mayChange(useSession())) return null;
  return (
    <Button
      size={large ? "md" : "sm"}
      leftSection={<IconPlus size={16} />}
      renderRoot={(props) => <Link to="." search={(before) => ({ ...before, add: true })} {...props} />}
    >
      Add a server
    </Button>
  );
}
