import { useLocalStorage } from "@mantine/hooks";

export type Density = "compact" | "comfortable";

/** How high table rows are, in pixels. */
export const ROW_HEIGHT: Record<Density, number> = { compact: 36, comfortable: 46 };

/** This browser's choice; every table follows it at once. */
export function useDensity() {
  return useLocalStorage<Density>({
    key: "nodestral.density",
    defaultValue: "compact",
    getInitialValueInEffect: false,
  });
}
