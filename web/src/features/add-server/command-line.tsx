import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { copyText } from "@/shared/clipboard/copy-text";
import classes from "./add-server.module.css";

/** One line to copy. Where the browser refuses, it is selected instead, ready for the keyboard. */
export function CommandLine({ command }: { command: string }) {
  const line = useRef<HTMLElement>(null);
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  const copy = async () => {
    try {
      await copyText(command);
      setState("copied");
      setTimeout(() => setState("idle"), 2000);
    } catch {
      if (line.current) window.getSelection()?.selectAllChildren(line.current);
      setState("refused");
    }
  };
  return (
    <div className={classes.command}>
      <code className={classes.line} ref={line}>
        {command}
      </code>
      <Button
        size="sm"
        leftSection={state === "copied" ? <IconCheck size={16} /> : <IconCopy size={16} />}
        onClick={copy}
      >
        {state === "copied" ? "Copied" : "Copy"}
      </Button>
      {state === "refused" ? <p role="alert">This browser does not let pages copy. The line is selected.</p> : null}
    </div>
  );
}
