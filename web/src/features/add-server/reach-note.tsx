import classes from "./add-server.module.css";
import { reachOf } from "./reach";

/** What to know of the line's address before it is pasted elsewhere; nothing where it is as it should be. */
export function ReachNote({ command }: { command: string }) {
  const reach = reachOf(command);
  if (reach === "encrypted") return null;
  return (
    <p className={classes.note} role="note">
      {reach === "here"
        ? "This address leads to this server's own machine only. For others, set NODESTRAL_PUBLIC_URL to an address that they can reach."
        : "This address is not encrypted, so the installer refuses it unless --allow-plain-http is added to the line. Better: a proxy with a certificate before this server, and its address in NODESTRAL_PUBLIC_URL."}
    </p>
  );
}
