/** Coverage in plain words: what a section sees, what not, why. */

import type { SectionCoverage, SectionCoverageLevel } from "@/api/generated/model";
import { visibleText } from "@/shared/format/text";
import type { StatusKind } from "@/shared/status/status";

export const SECTION_NAMES: Readonly<Record<string, string>> = {
  system: "System",
  services: "Services",
  ports: "Ports",
  containers: "Containers",
};

/** What a section shows when nothing hides from it. */
const SEES: Readonly<Record<string, string>> = {
  system: "host name, operating system, kernel, CPU, addresses and boot time",
  services: "services of the system and of every user",
  ports: "every listening port and the process and service behind it",
  containers: "containers with their image, state, health and published ports",
};

export const LEVEL_WORDS: Readonly<Record<SectionCoverageLevel, string>> = {
  full: "seen in full",
  partial: "partly seen",
  denied: "not seen: no permission",
  absent: "nothing here to see",
  error: "could not be read",
};

export const LEVEL_MARKS: Readonly<Record<SectionCoverageLevel, StatusKind>> = {
  full: "online",
  partial: "partly-seen",
  denied: "partly-seen",
  absent: "off",
  error: "failed",
};

export function nameOfSection(section: string): string {
  return SECTION_NAMES[section] ?? section;
}

/** A sentence: what this section would show, or shows. */
export function seesSentence(coverage: SectionCoverage): string {
  const sees = SEES[coverage.section] ?? "its items";
  switch (coverage.level) {
    case "full":
      return `Sees ${sees}.`;
    case "partial":
      return `Should show ${sees}; a part of that is hidden.`;
    case "denied":
      return `Would show ${sees}.`;
    case "absent":
      return `Would show ${sees}, but this node has none.`;
    case "error":
      return `Should show ${sees}; the last scan failed.`;
  }
}

/** What an agent says in passing, as a sentence of its own. */
export function asSentence(words: string): string {
  const text = visibleText(words.trim(), 600);
  if (text === "") return "";
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/u.test(text) ? "" : "."}`;
}

/** True when there is something that this section cannot show; what is absent is not missing. */
export function isIncomplete(coverage: SectionCoverage): boolean {
  return coverage.level === "partial" || coverage.level === "denied" || coverage.level === "error";
}
