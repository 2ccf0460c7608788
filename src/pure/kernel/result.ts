/**
 * Expected failure is a value, not an exception. A thrown error is a bug or a broken machine.
 * The kind says what a caller can do about it (the HTTP status follows from it, in `platform/http` alone);
 * the code names the one rule that was not met and is stable; the message is a sentence that helps a person.
 */
export type FailureKind =
  | "invalid" // the input breaks a rule
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict" // true now, may be otherwise later
  | "too_large"
  | "rate_limited"
  | "unavailable"; // a part of the machine is missing or does not answer

export interface Failure<Code extends string = string> {
  readonly kind: FailureKind;
  readonly code: Code;
  readonly message: string;
  /** Place: `file:line`, a field, a column, an id. Never personal data. */
  readonly where?: string;
}

export type Ok<T> = { readonly ok: true; readonly value: T };
export type Failed<F extends Failure = Failure> = { readonly ok: false; readonly error: F };
export type Result<T, F extends Failure = Failure> = Ok<T> | Failed<F>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

export function fail<Code extends string>(
  kind: FailureKind,
  code: Code,
  message: string,
  where?: string,
): Failed<Failure<Code>> {
  return { ok: false, error: where === undefined ? { kind, code, message } : { kind, code, message, where } };
}

/** Carries a failure through code that can only throw (a transaction that must roll back). Unwrapped at the room's edge. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.message}`);
    this.name = "FailureError";
    this.failure = failure;
  }
}

/** The value, or a throw that rolls the surrounding transaction back. */
export function expectOk<T>(result: Result<T>): T {
  if (!result.ok) throw new FailureError(result.error);
  return result.value;
}
