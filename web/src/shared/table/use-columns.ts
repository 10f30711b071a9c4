import { useLocalStorage } from "@mantine/hooks";
import { useCallback, useMemo } from "react";
import type { Column } from "./column";

/** The columns this browser's person chose for the table of this name, kept from visit to visit. */
export function useColumns<Row>(table: string, columns: readonly Column<Row>[]) {
  const [choice, setChoice] = useLocalStorage<Record<string, boolean>>({
    key: `nodestral.columns.${table}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const shown = useMemo(
    () => new Set(columns.filter((column) => isShown(column, choice)).map(({ id }) => id)),
    [columns, choice],
  );
  const visible = useMemo(() => columns.filter((column) => shown.has(column.id)), [columns, shown]);
  const toggle = useCallback(
    (id: string) => setChoice((before) => ({ ...before, [id]: !shown.has(id) })),
    [setChoice, shown],
  );
  return { visible, shown, toggle };
}

function isShown<Row>(column: Column<Row>, choice: Record<string, boolean>): boolean {
  return column.fixed === true || (choice[column.id] ?? column.initially ?? true);
}
