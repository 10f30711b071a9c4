/**
 * "Debian GNU/Linux 12 (bookworm)" → "Debian 12": os-release's PRETTY_NAME without what the number says already, nor its third part.
 */
export function shortSystem(name: string | null | undefined): string | undefined {
  return name
    ?.replace(/\s*\([^)]*\)/g, "")
    .replace(/\bGNU\/Linux\b|\bLinux\b|\bLTS\b/g, "")
    .replace(/(\d+\.\d+)\.\d+/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
