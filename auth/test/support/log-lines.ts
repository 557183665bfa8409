import { createLog } from '@bw/service-kit/logging';

/** A log that keeps its lines. */
export class LogLines {
  readonly lines: string[] = [];
  readonly log = createLog({
    service: 'auth',
    level: 'debug',
    destination: { write: (line: string) => this.lines.push(line) },
  });
}
