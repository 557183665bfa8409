import { UserError } from '../errors/index.js';

export interface DeploySettings {
  /** How long the first try of a statement may wait for a lock. Each retry waits twice as long … */
  lockTimeoutMs: number;
  /** … up to this. No reader or writer queues behind a waiting migration for longer. */
  lockTimeoutMaxMs: number;
  /** How long one step is retried before the deploy gives up. */
  lockWaitMs: number;
  /** How long a statement may run once it has its locks. */
  statementTimeoutMs: number;
  /** How long to wait for a server that is still starting. */
  serverWaitMs: number;
}

/** Flag, environment variable, default and help of each setting. */
export const settingsHelp = {
  lockTimeoutMs: {
    flag: 'lock-timeout',
    env: 'DB_LOCK_TIMEOUT',
    fallback: '200ms',
    help: 'longest wait for a lock, first try; doubles per retry',
  },
  lockTimeoutMaxMs: {
    flag: 'lock-timeout-max',
    env: 'DB_LOCK_TIMEOUT_MAX',
    fallback: '3s',
    help: 'longest wait for a lock, any try',
  },
  lockWaitMs: {
    flag: 'lock-wait',
    env: 'DB_LOCK_WAIT',
    fallback: '10m',
    help: 'give up on a lock after retrying this long',
  },
  statementTimeoutMs: {
    flag: 'statement-timeout',
    env: 'DB_STATEMENT_TIMEOUT',
    fallback: '1h',
    help: 'longest run of one statement',
  },
  serverWaitMs: {
    flag: 'server-wait',
    env: 'DB_SERVER_WAIT',
    fallback: '1m',
    help: 'wait this long for a server that is still starting',
  },
} as const satisfies Record<
  keyof DeploySettings,
  { flag: string; env: string; fallback: string; help: string }
>;

export type RawSettings = { [Name in keyof DeploySettings]?: string | undefined };

/** Flags win over the environment, the environment over the defaults. All faults are reported together. */
export function parseSettings(
  flags: RawSettings = {},
  env: NodeJS.Dict<string> = process.env,
): DeploySettings {
  const faults: string[] = [];
  const read = (name: keyof DeploySettings): number => {
    const { flag, env: variable, fallback } = settingsHelp[name];
    const source = flags[name] !== undefined ? `--${flag}` : variable;
    const text = flags[name] ?? (env[variable] || fallback);
    const ms = parseDuration(text);
    if (ms === undefined || ms <= 0) faults.push(`${source} is "${text}"`);
    return ms ?? 0;
  };
  const settings = {
    lockTimeoutMs: read('lockTimeoutMs'),
    lockTimeoutMaxMs: read('lockTimeoutMaxMs'),
    lockWaitMs: read('lockWaitMs'),
    statementTimeoutMs: read('statementTimeoutMs'),
    serverWaitMs: read('serverWaitMs'),
  };
  if (faults.length === 0) return settings;
  throw new UserError('BAD_SETTING', `These are not durations above zero: ${faults.join('; ')}.`, {
    hint: 'Write a number with ms, s, m or h: 200ms, 3s, 10m, 1h.',
  });
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export function parseDuration(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const factor = units[unit];
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor);
}

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
