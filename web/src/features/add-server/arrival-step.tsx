import { Button } from "@mantine/core";
import type { NewInstallToken } from "@/api/generated/model";
import { formatExact } from "@/shared/format/time";
import classes from "./add-server.module.css";
import { Arrival, Waiting } from "./arrival";
import { CommandLine } from "./command-line";
import { ReachNote } from "./reach-note";
import { useArrivals } from "./use-arrivals";

interface ArrivalStepProps {
  made: NewInstallToken;
  onClose: () => void;
  onAnother: () => void;
}

/** The line, and what has come of it so far. */
export function ArrivalStep({ made, onClose, onAnother }: ArrivalStepProps) {
  const { token } = made;
  const nodeIds = useArrivals(token);
  const more = token.uses_allowed - nodeIds.length;
  return (
    <div className={classes.step}>
      <p>Paste this on the server, as root or as an ordinary user:</p>
      <CommandLine command={made.command} />
      <ReachNote command={made.command} />
      <p className={classes.dim}>
        It is <strong>shown only now</strong> and never again. It installs the agent – under its own unprivileged
        account when run as root, in your home otherwise – and starts it. Good for {uses(token.uses_allowed)} until{" "}
        {formatExact(token.expires_at)}.
      </p>
      <div className={classes.arrivals} aria-live="polite">
        {nodeIds.map((nodeId) => (
          <Arrival key={nodeId} nodeId={nodeId} />
        ))}
        {more > 0 ? <Waiting more={more} any={nodeIds.length > 0} /> : null}
      </div>
      <div className={classes.actions}>
        <Button variant="subtle" onClick={onAnother}>
          Make another line
        </Button>
        <Button variant={nodeIds.length > 0 ? "filled" : "default"} onClick={onClose}>
          {nodeIds.length > 0 ? "Done" : "Close"}
        </Button>
      </div>
    </div>
  );
}

function uses(allowed: number): string {
  return allowed === 1 ? "one machine" : `${allowed} machines`;
}
