import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";

interface CopyButtonProps {
  text: string;
  label: string;
}

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "done" | "failed">("idle");
  const copy = async () => {
    setState(
      await navigator.clipboard.writeText(text).then(
        () => "done" as const,
        () => "failed" as const,
      ),
    );
    setTimeout(() => setState("idle"), 2000);
  };
  const icon = state === "done" ? <IconCheck size={14} /> : <IconCopy size={14} />;
  return (
    <Button size="xs" variant="default" leftSection={icon} onClick={() => void copy()} aria-live="polite">
      {{ idle: label, done: "Copied", failed: "Could not copy" }[state]}
    </Button>
  );
}
