/** What a chart draws: columns over one list of times (Unix seconds), with null wherever there was no sample. */

export type Unit = "percent" | "bytes" | "bytes_per_second" | "per_second" | "count" | "load" | "seconds";

export type Column = readonly (number | null)[];

export interface Line {
  /** Stays the same over fetches: colour and visibility hang on it. */
  readonly id: string;
  readonly label: string;
  readonly values: Column;
  /** The least and greatest within each bucket; absent at full resolution. */
  readonly min?: Column | undefined;
  readonly max?: Column | undefined;
  /** The sum, mean or highest of the lines that found no room. */
  readonly isRest?: boolean | undefined;
}

export interface Frame {
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** Of a stack: the most that all lines together reached within each bucket. */
  readonly peak?: Column | undefined;
  /** Width of a bucket; at full resolution the distance of two samples. */
  readonly bucketSeconds: number;
}

/** A span of time in Unix seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Something that happened, told at its place on the time axis. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}
