import { ActionIcon, Menu } from "@mantine/core";
import { IconLogout, IconUser } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { isSignedOut } from "@/api/errors";
import { useSignOut } from "@/api/generated/session/session";
import { useSession } from "@/shared/session/session";
import { NodeText } from "@/shared/text/node-text";
import classes from "./account-menu.module.css";

export function AccountMenu() {
  const session = useSession();
  const queries = useQueryClient();
  const router = useRouter();
  const leave = async () => {
    await router.navigate({ to: "/sign-in", search: {} });
    queries.clear();
  };
  const signOut = useSignOut({
    mutation: { onSuccess: leave, onError: (error) => (isSignedOut(error) ? leave() : undefined) },
  });
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label="Account" title="Account">
          <IconUser size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <div className={classes.person}>
          <strong>
            <NodeText value={session.user.name || session.user.email} />
          </strong>
          <NodeText value={session.user.email} />
          <span>
            {session.organization.role} of <NodeText value={session.organization.name} />
          </span>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} disabled={signOut.isPending} onClick={() => signOut.mutate()}>
          {signOut.isError ? "Could not sign out. Try again" : "Sign out"}
        </Menu.Item>
        <Menu.Divider />
        <div className={classes.version}>Nodestral {session.server_version}</div>
      </Menu.Dropdown>
    </Menu>
  );
}
