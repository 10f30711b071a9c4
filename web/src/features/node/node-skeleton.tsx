/** The page before anything is known, in its final layout. */

import { Bone } from "@/shared/states/bone";
import classes from "./node-page.module.css";
import overview from "./overview.module.css";

const CHARTS = ["cpu", "memory", "network", "disk", "io", "load"];
const ROWS = Array.from({ length: 12 }, (_, index) => index);

export function NodeSkeleton({ tab }: { tab: string }) {
  return (
    <div className={classes.page} role="status" aria-label="The node is loading" aria-busy="true">
      <Bone width={180} height={20} />
      <Bone width="60%" height={12} />
      <div className={classes.tabs}>
        <span className={classes.tab}>
          <Bone width={320} height={12} />
        </span>
      </div>
      <TabBones tab={tab} />
    </div>
  );
}

/** The same for one tab, while its code is on the way. */
export function TabSkeleton({ tab }: { tab: string }) {
  return (
    <div className={classes.bones} role="status" aria-label="Loading" aria-busy="true">
      <TabBones tab={tab} />
    </div>
  );
}

function TabBones({ tab }: { tab: string }) {
  if (tab !== "overview") return ROWS.map((row) => <Bone key={row} width="100%" height={26} />);
  return (
    <>
      <Bone width={360} height={30} />
      <div className={overview.charts}>
        {CHARTS.map((chart) => (
          <div key={chart} className={classes.card}>
            <Bone width={80} />
            <Bone width="100%" height={190} />
          </div>
        ))}
      </div>
    </>
  );
}
