import { Outlet, useNavigate, useRouteContext, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { SwitcherProvider } from "@/features/switcher/switcher";
import { LiveProvider } from "@/shared/live/live";
import { LiveStream } from "@/shared/live/stream";
import { SessionContext } from "@/shared/session/session";
import { ConnectionBanner } from "./connection-banner";
import { Navigation } from "./navigation";
import classes from "./shell.module.css";
import { TopBar } from "./top-bar";

const AddServerDialog = lazy(async () => ({
  default: (await import("@/features/add-server/add-server-dialog")).AddServerDialog,
}));

/** What stands around every page of a signed-in person. */
export function Shell() {
  const { session } = useRouteContext({ from: "/app" });
  const { add } = useSearch({ from: "/app" });
  const navigate = useNavigate();
  const [stream] = useState(() => new LiveStream());
  const close = () => void navigate({ to: ".", search: (before) => ({ ...before, add: undefined }), replace: true });
  return (
    <SessionContext value={session}>
      <LiveProvider stream={stream}>
        <SwitcherProvider>
          <a className={classes.skip} href="#content">
            Skip to the content
          </a>
          <div className={classes.shell}>
            <Navigation />
            <div className={classes.main}>
              <TopBar />
              <ConnectionBanner />
              <main id="content" className={classes.content} tabIndex={-1}>
                <Outlet />
              </main>
            </div>
          </div>
          <Suspense>{add ? <AddServerDialog onClose={close} /> : null}</Suspense>
        </SwitcherProvider>
      </LiveProvider>
    </SessionContext>
  );
}
