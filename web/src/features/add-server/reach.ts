/** Whom the line's address leads where: "here" is of use to this machine alone, "open" is not encrypted on its way. */
export type Reach = "here" | "open" | "encrypted";

const ADDRESS = /\s(https?):\/\/(\[[^\]]*\]|[^/:\s]*)/;

/** Reads it off the line that the server made, `curl -sfL URL/install.sh | sh -s TOKEN`. */
export function reachOf(command: string): Reach {
  const [, scheme, host] = ADDRESS.exec(command) ?? [];
  if (host === "localhost" || host === "[::1]" || host?.startsWith("127.")) return "here";
  return scheme === "http" ? "open" : "encrypted";
}
