import { useHotkeys } from "@mantine/hooks";
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useState } from "react";

const SwitcherContext = createContext<() => void>(() => undefined);
const SwitcherDialog = lazy(async () => ({ default: (await import("./switcher-dialog")).SwitcherDialog }));

/** ⌘K, Ctrl K or / anywhere: go to a node by a few letters of its name. */
export function SwitcherProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const open = useCallback(() => setOpened(true), []);
  useHotkeys([
    ["mod+K", open],
    ["/", open],
  ]);
  return (
    <SwitcherContext value={open}>
      {children}
      <Suspense>{opened ? <SwitcherDialog onClose={() => setOpened(false)} /> : null}</Suspense>
    </SwitcherContext>
  );
}

export function useSwitcher(): () => void {
  return useContext(SwitcherContext);
}
