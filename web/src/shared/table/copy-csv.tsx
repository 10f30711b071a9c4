import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconTableExport } from "@tabler/icons-react";
import { useState } from "react";
import { copyText } from "@/shared/clipboard/copy-text";
import { toCsv } from "@/shared/format/csv";
import type { Column } from "./column";

interface CopyCsvProps<Row> {
  columns: readonly Column<Row>[];
  /** All rows that match, not only those in view. */
  rows: () => readonly Row[] | Promise<readonly Row[]>;
}

/** Puts the table on the clipboard as CSV. */
export function CopyCsv<Row>({ columns, rows }: CopyCsvProps<Row>) {
  const [state, setState] = useState<"idle" | "busy" | "done" | "failed">("idle");
  const copy = async () => {
    setState("busy");
    try {
      const body = (await rows()).map((row) => columns.map((column) => column.text(row)));
      await copyText(toCsv([columns.map((column) => column.title), ...body]));
      setState("done");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("idle"), 2000);
  };
  const label = { idle: "Copy as CSV", busy: "Copying…", done: "Copied", failed: "Could not copy" }[state];
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={32} aria-label={label} loading={state === "busy"} onClick={copy}>
        {state === "done" ? <IconCheck size={16} /> : <IconTableExport size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
