/**
 * What can go wrong between page and server:
 *
 *     Error
 *     ├── Problem       the server answered and refused; `status` and `code` say why, `detail` is a sentence for people
 *     └── Unreachable   no answer: the network or the server is away
 */

export class Unreachable extends Error {
  override name = "Unreachable";

  constructor(options?: ErrorOptions) {
    super("The server could not be reached.", options);
  }
}

export class Problem extends Error {
  override name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** A sentence for people about this very occurrence; may be empty. */
  readonly detail: string;
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, title: string, detail: string, retryAfter?: number) {
    super(detail || title);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** Reads problem+json; a proxy's HTML page in its place still gives a sentence. */
  static async from(answer: Response): Promise<Problem> {
    const body: unknown = await answer.json().catch(() => null);
    const field = (name: string): string => {
      const value = body !== null && typeof body === "object" ? (body as Record<string, unknown>)[name] : undefined;
      return typeof value === "string" ? value : "";
    };
    const retryAfter = Number(answer.headers.get("retry-after") ?? "");
    const title = field("title") || `The server answered ${answer.status}.`;
    return new Problem(answer.status, field("code"), title, field("detail"), retryAfter || undefined);
  }
}

/** True when the session is missing or over: the person must sign in again. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

/** A request that may succeed when it is simply tried again. */
export function isWorthRetrying(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && (error.status >= 500 || error.status === 429));
}
