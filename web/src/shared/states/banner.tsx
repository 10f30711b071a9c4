import type { ReactNode } from "react";
import classes from "./banner.module.css";

interface BannerProps {
  tone: "warn" | "bad" | "plain";
  icon: ReactNode;
  children: ReactNode;
  action?: ReactNode;
}

/** One line above a view that stays readable: stale, partial, offline. */
export function Banner({ tone, icon, children, action }: BannerProps) {
  return (
    <div className={classes.banner} data-tone={tone} role="status">
      <span className={classes.icon} aria-hidden="true">
        {icon}
      </span>
      <span className={classes.text}>{children}</span>
      {action}
    </div>
  );
}
