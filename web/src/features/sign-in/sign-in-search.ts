export interface SignInSearch {
  /** Where to go afterwards; a path of this site only. */
  next?: string;
}

/** An address that leads elsewhere is dropped: a link to the sign-in must not become a link to another site. */
export function readSignInSearch(raw: { [Name in keyof SignInSearch]?: unknown }): SignInSearch {
  const { next } = raw;
  return typeof next === "string" && /^\/(?![/\\])/.test(next) && !/[\p{Cc}\\]/u.test(next) ? { next } : {};
}
