import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { getGetSessionQueryKey } from "@/api/generated/session/session";
import { useLiveReturn, useLiveState } from "@/shared/live/live";
import { Banner } from "@/shared/states/banner";
import classes from "./connection-banner.module.css";

/** A break shorter than this is nobody's business. */
const PATIENCE_MILLISECONDS = 1500;

/** Says that the page no longer follows, and has everything fetched anew when it does again. */
export function ConnectionBanner() {
  const queries = useQueryClient();
  const lost = useLiveState() === "lost";
  const [shown, setShown] = useState(false);
  useLiveReturn(() => void queries.invalidateQueries());
  useEffect(() => {
    if (!lost) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => {
      setShown(true);
      // A stream also ends with its session: the answer then leads to the sign-in.
      void queries.refetchQueries({ queryKey: getGetSessionQueryKey() });
    }, PATIENCE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [lost, queries]);
  if (!shown) return null;
  return (
    <div className={classes.place}>
      <Banner tone="warn" icon={<IconPlugConnectedX />}>
        <strong>Connection lost, trying again.</strong> What you see is from before; it catches up by itself.
      </Banner>
    </div>
  );
}
