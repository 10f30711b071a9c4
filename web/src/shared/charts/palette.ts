/**
 * Colours of the series: the Okabe–Ito set (2008), which people with any common colour blindness can tell apart, in its
 * own order, from sky blue on. Yellow is left out, because no yellow reaches 3:1 on white; orange, which stands before
 * sky blue, comes last, because a chart's first line must not look like a warning; black, for which the dark theme has no
 * room, is the neutral grey of the rest. Each theme has its own shades, all of them 3:1 at least on its ground (WCAG
 * 1.4.11).
 */

export type Scheme = "light" | "dark";

interface Palette {
  readonly series: readonly string[];
  readonly rest: string;
}

export const PALETTES: Readonly<Record<Scheme, Palette>> = {
  light: {
    series: ["#2e8fc7", "#009268", "#005fa3", "#d55e00", "#bb5f92", "#b87c00"],
    rest: "#77777d",
  },
  dark: {
    series: ["#56b4e9", "#1fb58a", "#4a83e0", "#e8702a", "#cc79a7", "#e69f00"],
    rest: "#8e8e96",
  },
};

/** The colour of the line at `index`; the rest is grey whatever its place. */
export function seriesColour(scheme: Scheme, index: number, isRest = false): string {
  const palette = PALETTES[scheme];
  if (isRest) return palette.rest;
  return palette.series[index % palette.series.length] ?? palette.rest;
}

/** `#rrggbb` with an alpha between 0 and 1. */
export function withAlpha(colour: string, alpha: number): string {
  const byte = Math.round(Math.min(1, Math.max(0, alpha)) * 255);
  return `${colour}${byte.toString(16).padStart(2, "0")}`;
}

/** WCAG 2 contrast of two `#rrggbb` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const channel = (at: number): number => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
