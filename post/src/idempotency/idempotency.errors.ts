import { ConflictError, ServiceError } from '@bw/service-kit/errors';

export class KeyInUseError extends ConflictError {
  constructor() {
    super(
      'A request with this Idempotency-Key is still running; repeat it in a moment.',
      'idempotency_key_in_use',
    );
  }
}

export class KeyReusedError extends ServiceError {
  constructor() {
    super(422, 'idempotency_key_reused', 'This Idempotency-Key belongs to another request; take a new one.');
  }
}
