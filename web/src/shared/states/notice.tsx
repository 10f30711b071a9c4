import type { ReactNode } from "react";
import classes from "./notice.module.css";

interface NoticeProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  /** The one next thing to do. */
  action?: ReactNode;
}

/** A view's place when it has nothing else to show: why, and the one next action. */
export function Notice({ icon, title, children, action }: NoticeProps) {
  return (
    <section className={classes.notice}>
      <span className={classes.icon} aria-hidden="true">
        {icon}
      </span>
      <h2 className={classes.title}>{title}</h2>
      {children ? <p className={classes.text}>{children}</p> : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </section>
  );
}
