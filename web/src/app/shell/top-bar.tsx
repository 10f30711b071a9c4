import { Kbd } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useSwitcher } from "@/features/switcher/switcher";
import { useSession } from "@/shared/session/session";
import { NodeText } from "@/shared/text/node-text";
import { AccountMenu } from "./account-menu";
import { SchemeSwitch } from "./scheme-switch";
import classes from "./top-bar.module.css";

const MODIFIER = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

export function TopBar() {
  const session = useSession();
  const openSwitcher = useSwitcher();
  return (
    <header className={classes.bar}>
      <button type="button" className={classes.search} onClick={openSwitcher} aria-keyshortcuts="Control+K Meta+K /">
        <IconSearch size={16} aria-hidden="true" />
        <span className={classes.prompt}>Go to a node…</span>
        <span className={classes.keys} aria-hidden="true">
          <Kbd size="xs">{MODIFIER}</Kbd> <Kbd size="xs">K</Kbd>
        </span>
      </button>
      <span className={classes.space} />
      <span className={classes.organization} title="Organization">
        <NodeText value={session.organization.name} />
      </span>
      <SchemeSwitch />
      <AccountMenu />
    </header>
  );
}
