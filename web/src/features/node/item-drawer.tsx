/** The details of one item, beside the table that it stands in. It is open as long as the address names the item. */

import { Drawer } from "@mantine/core";
import { visibleText } from "@/shared/format/text";
import type { Detail } from "./section-view";

interface ItemDrawerProps {
  detail: Detail | undefined;
  /** The address names an item that is not here, or no more. */
  isMissing: boolean;
  onClose: () => void;
}

export function ItemDrawer({ detail, isMissing, onClose }: ItemDrawerProps) {
  return (
    <Drawer
      opened={detail !== undefined || isMissing}
      onClose={onClose}
      position="right"
      size="min(560px, 100vw)"
      title={detail ? <bdi>{visibleText(detail.title, 512)}</bdi> : "Not here"}
    >
      {detail ? detail.body : <p>The last scan did not find this here: it is gone, or cannot be seen any more.</p>}
    </Drawer>
  );
}
