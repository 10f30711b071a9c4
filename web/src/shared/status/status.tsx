import classes from "./status.module.css";

export type StatusKind = "online" | "silent" | "waiting" | "partly-seen" | "failed" | "off";

const WORDS: Record<StatusKind, string> = {
  online: "online",
  silent: "silent",
  waiting: "waiting",
  "partly-seen": "partly seen",
  failed: "failed",
  off: "off",
};

interface StatusMarkProps {
  kind: StatusKind;
  /** The word to say instead of the kind's own. */
  label?: string;
  /** Leave the word to the screen reader, where a column's head or a line beside it says it. */
  quiet?: boolean;
}

/** A state by shape, colour and word: nobody has to tell green from red to read it. */
export function StatusMark({ kind, label, quiet = false }: StatusMarkProps) {
  const word = label ?? WORDS[kind];
  return (
    <span className={classes.status} data-kind={kind} title={quiet ? word : undefined}>
      <svg className={classes.shape} viewBox="0 0 12 12" aria-hidden="true">
        <StatusShape kind={kind} />
      </svg>
      <span className={quiet ? classes.hidden : classes.word}>{word}</span>
    </span>
  );
}

function StatusShape({ kind }: { kind: StatusKind }) {
  if (kind === "online") return <circle cx="6" cy="6" r="4" fill="currentColor" />;
  if (kind === "silent") return <path d="M6 1 11 6 6 11 1 6Z" fill="currentColor" />;
  if (kind === "failed") return <path d="M2 2 10 10M10 2 2 10" stroke="currentColor" strokeWidth="2.2" />;
  if (kind === "partly-seen") return <path d="M6 1.2 11.4 10.8H.6Z" fill="currentColor" />;
  const dashes = kind === "waiting" ? "2.4 1.8" : undefined;
  return <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray={dashes} />;
}
