import { Bone } from "@/shared/states/bone";
import classes from "./page-loading.module.css";

/** A page's outline while its code is on the way. */
export function PageLoading() {
  return (
    <div className={classes.page} role="status" aria-label="Loading">
      <Bone width={140} height={20} />
      <Bone width="40%" height={14} />
      <Bone width="100%" height={320} />
    </div>
  );
}
