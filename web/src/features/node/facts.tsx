/** Details as terms and what is known of them. What is not known is left out, so that what stands there is known. */

import type { ReactNode } from "react";
import { RelativeTime } from "@/shared/clock/relative-time";
import { visibleText } from "@/shared/format/text";
import { formatExact } from "@/shared/format/time";
import classes from "./facts.module.css";

export function Facts({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className={classes.group}>
      {title ? <h3 className={classes.title}>{title}</h3> : null}
      <dl className={classes.facts}>{children}</dl>
    </section>
  );
}

export function Fact({ term, children }: { term: string; children: ReactNode }) {
  if (children === null || children === undefined || children === "" || children === false) return null;
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Text of a node in full length, broken into lines. */
export function LongText({ value, mono = false }: { value: string; mono?: boolean }) {
  return <bdi className={mono ? `${classes.long} ${classes.mono}` : classes.long}>{visibleText(value, 4096)}</bdi>;
}

/** A fact that is text of a node, or nothing. */
export function TextFact({ term, value, mono }: { term: string; value: string | null | undefined; mono?: boolean }) {
  return <Fact term={term}>{value ? <LongText value={value} mono={mono} /> : null}</Fact>;
}

/** A fact that is a moment: how long ago, and exactly when. */
export function TimeFact({ term, at }: { term: string; at: number | null | undefined }) {
  return (
    <Fact term={term}>
      {at ? (
        <>
          <RelativeTime at={at} /> <span className={classes.exact}>{formatExact(at)}</span>
        </>
      ) : null}
    </Fact>
  );
}

/** A fact that is several things of a node, each on its own line. */
export function ListFact({ term, values, mono }: { term: string; values: readonly string[]; mono?: boolean }) {
  return (
    <Fact term={term}>
      {values.length > 0 ? (
        <ul className={classes.list}>
          {[...new Set(values)].map((value) => (
            <li key={value}>
              <LongText value={value} mono={mono} />
            </li>
          ))}
        </ul>
      ) : null}
    </Fact>
  );
}

/** What other tables know about the item: links, each on its own line. */
export function LinksFact({ term, links }: { term: string; links: readonly { key: string; link: ReactNode }[] }) {
  return (
    <Fact term={term}>
      {links.length > 0 ? (
        <ul className={classes.list}>
          {links.map(({ key, link }) => (
            <li key={key}>{link}</li>
          ))}
        </ul>
      ) : null}
    </Fact>
  );
}

/** Lines as the machine wrote them. */
export function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <section className={classes.group}>
      <h3 className={classes.title}>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      <pre className={classes.lines} tabIndex={0}>
        {lines.map((line) => visibleText(line, 4096)).join("\n")}
      </pre>
    </section>
  );
}
