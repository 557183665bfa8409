/** One fault of the input: a JSON pointer into it and what is wrong there. */
export interface InputFault {
  readonly pointer: string;
  readonly message: string;
}

interface Options {
  readonly errors?: readonly InputFault[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer other than success, with a code that stays the same whatever the wording. */
export class ServiceError extends Error {
  override readonly name: string = 'ServiceError';
  readonly errors: readonly InputFault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    options: Options = {},
  ) {
    super(detail, { cause: options.cause });
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

export class InvalidInputError extends ServiceError {
  constructor(errors: readonly InputFault[], detail = 'Some of the input is not valid.') {
    super(400, 'invalid_input', detail, { errors });
  }
}

export class UnauthenticatedError extends ServiceError {
  constructor(code = 'unauthenticated', detail = 'Sign in first: send a valid access token.') {
    super(401, code, detail, { headers: { 'www-authenticate': 'Bearer' } });
  }
}

export class ForbiddenError extends ServiceError {
  constructor(detail = 'You are not allowed to do this.', code = 'forbidden') {
    super(403, code, detail);
  }
}

export class NotFoundError extends ServiceError {
  constructor(detail = 'There is nothing here.', code = 'not_found') {
    super(404, code, detail);
  }
}

export class ConflictError extends ServiceError {
  constructor(detail: string, code = 'conflict') {
    super(409, code, detail);
  }
}

export class TooManyRequestsError extends ServiceError {
  constructor(retryAfterSeconds: number, headers: Readonly<Record<string, string>> = {}) {
    const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
    super(429, 'too_many_requests', `Too many attempts. Try again in ${seconds} s.`, {
      headers: { ...headers, 'retry-after': String(seconds) },
    });
  }
}

export class UnavailableError extends ServiceError {
  constructor(detail: string, retryAfterSeconds = 1, code = 'unavailable') {
    super(503, code, detail, {
      headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
    });
  }
}
