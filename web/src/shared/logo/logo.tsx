import classes from "./logo.module.css";

/** The mark, and the name beside it where there is room. */
export function Logo({ compact = false }: { compact?: boolean }) {
  return (
    <span className={classes.logo}>
      <svg width="22" height="22" viewBox="0 0 32 32" role="img" aria-label="Nodestral">
        <rect className={classes.ground} width="32" height="32" rx="7" />
        <path className={classes.letter} d="M10 23V9l12 14V9" />
      </svg>
      {compact ? null : <span aria-hidden="true">Nodestral</span>}
    </span>
  );
}
