/** Updates that wait, and the package managers that told of them. */

import type { Package, SeenUpdate, SeenUpdateSource } from "@/api/generated/model";

export function isPending(update: SeenUpdate | SeenUpdateSource): update is SeenUpdate {
  return update.kind === "update";
}

export function isSource(update: SeenUpdate | SeenUpdateSource): update is SeenUpdateSource {
  return update.kind === "manager";
}

/** Finds the update of a package, if one waits. */
export function updateOfPackage(pending: readonly SeenUpdate[]): (one: Package) => SeenUpdate | undefined {
  const name = (manager: string, called: string, architecture: string | undefined) =>
    `${manager}\n${called}\n${architecture ?? ""}`;
  const known = new Map(pending.map((update) => [name(update.manager, update.name, update.architecture), update]));
  return (one) =>
    known.get(name(one.manager, one.name, one.architecture)) ?? known.get(name(one.manager, one.name, ""));
}

export type UpdateKind = "security" | "other" | "unknown";

export const UPDATE_WORDS: Readonly<Record<UpdateKind, string>> = {
  security: "security",
  other: "other",
  unknown: "not told whether security",
};

export function kindOfUpdate(update: SeenUpdate): UpdateKind {
  if (update.security === null || update.security === undefined) return "unknown";
  return update.security ? "security" : "other";
}

/** In words what a manager does by itself. */
export function automaticWords(source: SeenUpdateSource): string {
  switch (source.automatic) {
    case "all":
      return "all updates are installed automatically";
    case "security":
      return "security updates are installed automatically";
    case "download":
      return "updates are downloaded automatically, and installed by hand";
    case "off":
      return "nothing is installed automatically";
    default:
      return source.automatic
        ? `automatic: ${source.automatic}`
        : "not known whether anything is installed automatically";
  }
}
