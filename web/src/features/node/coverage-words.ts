/** Coverage in plain words: what a section sees, what not, why. */

import type { SectionCoverage, SectionCoverageLevel } from "@/api/generated/model";
import { visibleText } from "@/shared/format/text";
import type { StatusKind } from "@/shared/status/status";

export const SECTION_NAMES: Readonly<Record<string, string>> = {
  system: "System",
  services: "Services",
  ports: "Ports",
  containers: "Containers",
  certificates: "Certificates",
  packages: "Packages",
  updates: "Updates",
  firewall: "Firewall",
  users: "Users",
  cloud: "Cloud",
  monitoring: "Monitoring",
};

/** The order in which a person reads them. */
export const SECTION_ORDER: readonly string[] = Object.keys(SECTION_NAMES);

/** What a section shows when nothing hides from it. */
const SEES: Readonly<Record<string, string>> = {
  system: "host name, operating system, kernel, CPU, addresses, boot time and whether a restart is due",
  services: "services, timers and timetables, of the system and of every user",
  ports: "every listening port and the process, service and package behind it",
  containers: "containers with their image, state, health, mounts, networks and published ports",
  certificates: "certificates in the files of this machine and as its own ports serve them, and what renews them",
  packages: "all installed packages with their version, source and size, and which of them are held",
  updates: "updates that wait, which of them are for security, and whether they are installed by themselves",
  firewall: "the rules of every firewall of this machine, and which of them decides",
  users: "who can log in, who may become root, their SSH keys, and what sshd lets in",
  cloud: "where this machine stands: provider, region, kind of machine, addresses",
  monitoring: "other programs that watch this machine",
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
