import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Nest's own messages, in the service's format. Its start-up chatter is only of use when debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, context?: unknown): void {
    this.target.debug({ context }, String(message));
  }

  debug(message: unknown, context?: unknown): void {
    this.target.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.target.warn({ context }, String(message));
  }

  error(message: unknown, stack?: unknown, context?: unknown): void {
    this.target.error({ context, stack }, String(message));
  }
}
