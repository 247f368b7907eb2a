import { AlmanacError, Defect, type ErrorCode } from "../../core/errors.ts";
import type { RemoteContent } from "../../ports/downloader.ts";

/** Statuses of a server that may answer otherwise a little later. @source RFC 9110 section 15, RFC 6585 section 4 */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What the network says when it may work again by itself. */
const passingCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  "UND_ERR_SOCKET",
]);

const storeCodes: Readonly<Record<string, ErrorCode>> = { ENOSPC: "DISK_FULL", EDQUOT: "DISK_FULL" };

/** A failure that may pass by itself. @param retryAfterSeconds how long the server asks to wait */
export function passing(
  { url }: RemoteContent,
  { why, cause, retryAfterSeconds }: { why: string; cause?: unknown; retryAfterSeconds?: number },
): AlmanacError {
  return new AlmanacError("DOWNLOAD_FAILED", `cannot download ${url}: ${why}`, {
    hint: "try again later: what has come is kept",
    facts: { url, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    cause,
  });
}

/** A failure that stays as long as nobody changes anything. */
export function refused(
  { url }: RemoteContent,
  reason: string | { why: string; cause: unknown },
): AlmanacError {
  const { why, cause } = typeof reason === "string" ? { why: reason, cause: undefined } : reason;
  return new AlmanacError("DOWNLOAD_REFUSED", `cannot download ${url}: ${why}`, {
    hint: "check the URL, and whether it may be read without a login",
    facts: { url },
    cause,
  });
}

/** What is there is something else than what was recorded. @param content.found the digest that it has, if that was taken */
export function differs(
  { url, sha256, found }: RemoteContent & { readonly found?: string },
  why: string,
): AlmanacError {
  return new AlmanacError("ARTIFACT_INVALID", `${url} is not what was recorded: ${why}`, {
    hint: "the file was replaced where it lies; find the one that was recorded, or register the new one",
    facts: { url, sha256, ...(found === undefined ? {} : { found }) },
  });
}

/** The error of an answer that is no content. */
export function statusError(content: RemoteContent, response: Response): AlmanacError {
  const { status, statusText } = response;
  const why = `the server answers ${status}${statusText === "" ? "" : ` ${statusText}`}`;
  if (!passingStatuses.has(status)) return refused(content, why);
  const seconds = secondsOf(response.headers.get("retry-after"));
  return passing(content, { why, ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) });
}

/** Seconds of a `Retry-After`; its other form, a date, counts as none. @source RFC 9110 section 10.2.3 */
function secondsOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

/** Translates what `fetch` and its body throw; an error that is one of ours passes. */
export function networkError(error: unknown, content: RemoteContent): AlmanacError {
  if (error instanceof AlmanacError) return error;
  if (!(error instanceof Error)) throw new Defect(`not an error: ${String(error)}`);
  const { cause } = error;
  const { code, message = "" } = (cause ?? error) as { readonly code?: string; readonly message?: string };
  const why = message === "" ? (code ?? error.message) : message;
  // A body that ends too early is told of in several ways, some without a code.
  const isPassing = code === undefined ? error.message === "terminated" : passingCodes.has(code);
  return isPassing ? passing(content, { why, cause: error }) : refused(content, { why, cause: error });
}

/** Translates what writing the file throws. */
export function writeError(error: unknown, file: string): unknown {
  if (error instanceof AlmanacError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new AlmanacError(storeCodes[code] ?? "STORE_UNAVAILABLE", `cannot write ${file}: ${message}`, {
    hint:
      code === "ENOSPC"
        ? "make room; almanac cache evict removes inputs that can be fetched again"
        : "make the folder writable",
    facts: { errno: code },
    cause: error,
  });
}
