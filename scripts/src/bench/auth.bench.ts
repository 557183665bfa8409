import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { residentMegabytes } from '../processes/index.js';
import { say } from '../terminal/index.js';
import { type AuthSite, createAuthSite, password } from './auth-site.js';
import { type Measurement, middleOf } from './report.js';

const people = 20;
const tries = 200;
const seconds = 5;
const warmUp = 1;
const json = { 'content-type': 'application/json' };

/** auth beside bare Fastify doing the same minimum on the same PostgreSQL. */
export async function measure(signal: AbortSignal): Promise<Measurement[]> {
  say('Starting auth and the bare server …');
  const site = await createAuthSite(people);
  const results: Measurement[] = [
    { what: 'process start to ready', value: site.startup, unit: 'ms', target: 900 },
    { what: 'memory when idle', value: site.idle, unit: 'MB', target: 130 },
  ];
  try {
    for (const part of [measureReads, measureRefreshes, measureLogIns, measureSameness, measureStop]) {
      signal.throwIfAborted();
      results.push(...(await part(site)));
    }
    return results;
  } finally {
    await site.remove();
  }
}

/** The bare server remembers the same tokens, and is sent the same requests. */
async function measureReads({ auth, bare, sessions }: AuthSite): Promise<Measurement[]> {
  const requests = (path: string) =>
    sessions.map(({ accessToken }) => ({ path, headers: { authorization: `Bearer ${accessToken}` } }));
  const bareCheck = await rate({ url: bare, requests: requests('/verify') });
  const observedCheck = await rate({ url: bare, requests: requests('/observed/verify') });
  const check = await rate({ url: auth, requests: requests('/v1/auth/verify') });
  const bareProfile = await rate({ url: bare, requests: requests('/me') });
  const profile = await rate({ url: auth, requests: requests('/v1/users/me') });
  return [
    { what: 'bare: remembered token', value: bareCheck, unit: '/s' },
    { what: 'bare with request id, log line, metrics', value: observedCheck, unit: '/s' },
    { what: 'token check, at least 0.5 of bare', value: check, unit: '/s', target: bareCheck * 0.5 },
    { what: 'bare: profile from the database', value: bareProfile, unit: '/s' },
    { what: 'own profile, at least 0.5 of bare', value: profile, unit: '/s', target: bareProfile * 0.5 },
  ];
}

async function measureRefreshes({ auth, bare, sessions }: AuthSite): Promise<Measurement[]> {
  const bareRate = await rate({ url: bare, setupClient: chained('/refresh', sessions) });
  const value = await rate({ url: auth, setupClient: chained('/v1/auth/refresh', sessions) });
  const target = Math.min(2_000, bareRate * 0.5);
  return [
    { what: 'bare: one UPDATE', value: bareRate, unit: '/s' },
    { what: 'refresh, at least 0.5 of bare or 2000', value, unit: '/s', target },
  ];
}

/** Lets each connection refresh a session of its own, with the token of the answer before. */
function chained(path: string, sessions: AuthSite['sessions']): (client: autocannon.Client) => void {
  const live = sessions.map(({ refreshToken }) => refreshToken);
  let connections = 0;
  return (client) => {
    const session = connections++ % live.length;
    client.setRequests([
      {
        path,
        method: 'POST',
        headers: json,
        setupRequest: (request) => ({ ...request, body: JSON.stringify({ refreshToken: live[session] }) }),
        onResponse: (_status, body) => {
          live[session] = JSON.parse(body).refreshToken;
        },
      },
    ]);
  };
}

async function measureLogIns({ auth, bare, sessions, process }: AuthSite): Promise<Measurement[]> {
  const token = sessions[0]?.accessToken ?? '';
  const bareStorm = load({ url: `${bare}/login`, method: 'POST' }, 8);
  const bareReads = await readBeside(`${bare}/me`, token);
  const bareRate = (await bareStorm).requests.average;
  const requests = sessions.map((_, n) => ({
    path: '/v1/auth/login',
    method: 'POST' as const,
    headers: json,
    body: JSON.stringify({ email: `bench${n}@example.com`, password }),
  }));
  // Each connection for accounts of its own: more than a few log-ins to one account at once look like guessing.
  const storm = load({ url: auth, requests, setupClient: rotating(requests) }, 8);
  const reads = await readBeside(`${auth}/v1/users/me`, token);
  const logIns = await storm;
  return [
    { what: 'bare: argon2id', value: bareRate, unit: '/s' },
    {
      what: 'log-in, at least 0.7 of bare',
      value: logIns.requests.average,
      unit: '/s',
      target: bareRate * 0.7,
    },
    { what: 'bare: profile during argon2id, p99', value: bareReads.latency.p99, unit: 'ms' },
    { what: 'own profile during log-ins, p99', value: reads.latency.p99, unit: 'ms', target: 20 },
    { what: 'memory after all that', value: residentMegabytes(process.pid ?? 0), unit: 'MB', target: 200 },
  ];
}

/** A profile read fifty times a second, while the log-ins beside it are counted: what warms up is not measured. */
async function readBeside(url: string, token: string): Promise<autocannon.Result> {
  await sleep(warmUp * 1_500);
  const headers = { authorization: `Bearer ${token}` };
  return autocannon({ url, headers, connections: 1, overallRate: 50, duration: seconds - 1 });
}

/** Whether the time tells if an address has an account: tries of both kinds in turn, and the middle one of each. */
async function measureSameness({ auth, sessions }: AuthSite): Promise<Measurement[]> {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < tries; n += 1) {
    const email = `bench${n % sessions.length}@example.com`;
    known.push(await timeOfLogIn(auth, { email, password: 'a wrong bench passphrase' }, 401));
    unknown.push(await timeOfLogIn(auth, { email: `nobody${n}@example.com`, password }, 401));
    // So that no account gets as many failures in a row as make it wait.
    await timeOfLogIn(auth, { email, password }, 200);
  }
  const difference = Math.abs(middleOf(known) / middleOf(unknown) - 1) * 100;
  return [{ what: 'unknown against known address, median', value: difference, unit: '%', target: 5 }];
}

async function timeOfLogIn(auth: string, account: object, expected: number): Promise<number> {
  const began = performance.now();
  const body = JSON.stringify(account);
  const response = await fetch(`${auth}/v1/auth/login`, { method: 'POST', headers: json, body });
  await response.text();
  if (response.status !== expected)
    throw new Error(`A log-in is answered with ${response.status}, not ${expected}.`);
  return performance.now() - began;
}

/** Log-ins take long enough to be in flight when the signal comes; each of them has to be answered. */
async function measureStop({ auth, process, sessions }: AuthSite): Promise<Measurement[]> {
  const exit = once(process, 'exit');
  const inFlight = sessions.map((_, n) =>
    timeOfLogIn(auth, { email: `bench${n}@example.com`, password }, 200),
  );
  await Promise.race(inFlight);
  process.kill('SIGTERM');
  await Promise.all(inFlight);
  const answered = performance.now();
  await exit;
  const value = performance.now() - answered;
  return [{ what: 'last answer to exit after SIGTERM', value, unit: 'ms', target: 1_000 }];
}

/** Lets each connection begin at another request. */
function rotating(requests: autocannon.Request[]): (client: autocannon.Client) => void {
  let connection = 0;
  return (client) => {
    const first = (connection++ * 5) % requests.length;
    client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
  };
}

type Load = Omit<autocannon.Options, 'connections' | 'duration'>;

const rate = async (options: Load, connections = people) =>
  (await load(options, connections)).requests.average;

/** After warming up. An answer that is no success makes the figure worthless. */
async function load(options: Load, connections: number): Promise<autocannon.Result> {
  await autocannon({ ...options, connections, duration: warmUp });
  const result = await autocannon({ ...options, connections, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${options.url}: ${result.non2xx + result.errors} of ${result.requests.total} requests failed.`,
    );
  }
  return result;
}
