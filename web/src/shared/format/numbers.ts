/** Numbers for people: at most three significant figures, always with their unit. */

const IEC = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** 3 significant figures without exponent and without zeros that say nothing: 1234 → "1234", 12.34 → "12.3". */
export function threeFigures(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** 1536 → "1.5 KiB". */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return "–";
  let value = bytes;
  let unit = 0;
  // 999.5 would be shown as 1000: it belongs to the next unit.
  while (Math.abs(value) >= 999.5 && unit < IEC.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : threeFigures(value)} ${IEC[unit]}`;
}

/** 1536 → "1.5 KiB/s". */
export function formatRate(bytesPerSecond: number | null | undefined): string {
  const bytes = formatBytes(bytesPerSecond);
  return bytes === "–" ? bytes : `${bytes}/s`;
}

/** 4.26 → "4.3%", 61.2 → "61%". */
export function formatPercent(percent: number | null | undefined): string {
  if (percent === null || percent === undefined || !Number.isFinite(percent)) return "–";
  return Math.abs(percent) < 9.95 ? `${Number(percent.toFixed(1))}%` : `${Math.round(percent)}%`;
}

/** 10000 → "10,000". */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}
