import { Modal } from "@mantine/core";
import { useState } from "react";
import type { NewInstallToken } from "@/api/generated/model";
import { ArrivalStep } from "./arrival-step";
import { TokenStep } from "./token-step";

/** From nothing to a node that reports: a token, one line to paste, and the wait for it. */
export function AddServerDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewInstallToken>();
  return (
    // The secret is shown once, so a click beside the dialog must not lose it.
    <Modal opened onClose={onClose} title="Add a server" size={620} closeOnClickOutside={made === undefined}>
      {made ? (
        <ArrivalStep made={made} onClose={onClose} onAnother={() => setMade(undefined)} />
      ) : (
        <TokenStep onMade={setMade} />
      )}
    </Modal>
  );
}
