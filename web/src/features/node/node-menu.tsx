/** What can be done with a node; a viewer only looks. */

import { ActionIcon, Menu } from "@mantine/core";
import { IconCopy, IconDots, IconPencil, IconTag, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { NodeDetail } from "@/api/generated/model";
import { mayChange, useSession } from "@/shared/session/session";
import { RemoveDialog } from "./remove-dialog";
import { RenameDialog } from "./rename-dialog";
import { TagsDialog } from "./tags-dialog";

export function NodeMenu({ node }: { node: NodeDetail }) {
  const [dialog, setDialog] = useState<"rename" | "tags" | "remove">();
  const canChange = mayChange(useSession());
  const close = () => setDialog(undefined);
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" size={32} aria-label="Actions on this node">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {canChange ? (
            <>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setDialog("rename")}>
                Rename…
              </Menu.Item>
              <Menu.Item leftSection={<IconTag size={15} />} onClick={() => setDialog("tags")}>
                Tags…
              </Menu.Item>
            </>
          ) : null}
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => void navigator.clipboard.writeText(node.id)}>
            Copy id
          </Menu.Item>
          {canChange ? (
            <>
              <Menu.Divider />
              <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setDialog("remove")}>
                Remove…
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {dialog === "rename" ? <RenameDialog node={node} onClose={close} /> : null}
      {dialog === "tags" ? <TagsDialog node={node} onClose={close} /> : null}
      {dialog === "remove" ? <RemoveDialog node={node} onClose={close} /> : null}
    </>
  );
}
