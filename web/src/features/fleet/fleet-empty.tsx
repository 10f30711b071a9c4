import { Button } from "@mantine/core";
import { IconFilterOff, IconServer2 } from "@tabler/icons-react";
import { Notice } from "@/shared/states/notice";
import { AddServerButton } from "./add-server-button";

export function FleetEmpty() {
  return (
    <Notice icon={<IconServer2 />} title="Add your first server" action={<AddServerButton large />}>
      One line, pasted on the server, and it appears here within seconds: how it is doing, what runs on it, which ports
      are open and which containers are up. No root needed, and nothing runs on it from here.
    </Notice>
  );
}

export function FleetNoMatch({ onClear }: { onClear: () => void }) {
  return (
    <Notice
      icon={<IconFilterOff />}
      title="No node matches"
      action={
        <Button variant="default" onClick={onClear}>
          Clear the filters
        </Button>
      }
    >
      All nodes are still there; the search and the filters leave none of them over.
    </Notice>
  );
}
