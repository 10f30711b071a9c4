/**
 * Text that a machine sent is hostile until shown otherwise: it may hold control bytes, marks that turn the reading
 * direction around, or a novel. What leaves here is one line that reads the way it is stored.
 */

/** No name on screen needs more; the rest is cut and said so by an ellipsis. */
const LONGEST = 256;

// C0 and C1 controls, and the characters that Unicode uses to steer direction or to show nothing at all (UAX 9, UTS 39).
const UNSAFE =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\p{Cs}/gu;

/** Replaces what cannot be seen by its name (\u202e), cuts what is too long. */
export function visibleText(text: string, longest: number = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(UNSAFE, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}
