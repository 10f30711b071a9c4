import type { ReactNode } from "react";
import { formatCount } from "@/shared/format/numbers";
import classes from "./section.module.css";

interface FilterChipsProps<Value extends string> {
  label: string;
  choices: readonly { value: Value; label: ReactNode; count: number }[];
  chosen: Value | undefined;
  onChoose: (value: Value | undefined) => void;
}

/** Counts that filter: a press shows only those, the next press all again. What counts nothing is not offered. */
export function FilterChips<Value extends string>({ label, choices, chosen, onChoose }: FilterChipsProps<Value>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend that nobody needs here.
    <div role="group" aria-label={label} className={classes.chips}>
      {choices
        .filter((choice) => choice.count > 0 || choice.value === chosen)
        .map((choice) => (
          <button
            key={choice.value}
            type="button"
            className={classes.chip}
            aria-pressed={choice.value === chosen}
            onClick={() => onChoose(choice.value === chosen ? undefined : choice.value)}
          >
            <span className={classes.count}>{formatCount(choice.count)}</span> {choice.label}
          </button>
        ))}
    </div>
  );
}
