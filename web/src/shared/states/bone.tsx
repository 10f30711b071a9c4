import classes from "./bone.module.css";

interface BoneProps {
  /** Pixels, or a share of the place it stands in. */
  width: number | `${number}%`;
  height?: number;
}

/** A grey bar where a value will stand, in the final layout. */
export function Bone({ width, height = 10 }: BoneProps) {
  return (
    <svg className={classes.bone} width={width} height={height} aria-hidden="true">
      <rect width="100%" height="100%" rx="3" />
    </svg>
  );
}
