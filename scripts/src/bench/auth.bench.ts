import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { residentMegabytes } from '../processes/index.js';
import { say } from '../terminal/index.js';
import { type AuthSite, createAuthSite, password } from './auth-site.js';
import { connections, type Load, load, ratesOf } from './rates.js';
import { type Measurement, middleOf } from './report.js';

const people = 2 * connections;
const tries = 200;
const storms = { connections: 8, seconds: 5 };
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
  const [bareCheck = 0, observedCheck = 0, check = 0] = await ratesOf([
    { url: bare, requests: requests('/verify') },
    { url: bare, requests: requests('/observed/verify') },
    { url: auth, requests: requests('/v1/auth/verify') },
  ]);
  const [bareProfile = 0, profile = 0] = await ratesOf([
    { url: bare, requests: requests('/me') },
    { url: auth, requests: requests('/v1/users/me') },
  ]);
  return [
    { what: 'bare: remembered token', value: bareCheck, unit: '/s' },
    { what: 'bare with request id, log line, metrics', value: observedCheck, unit: '/s' },
    { what: 'token check, at least 0.5 of bare', value: check, unit: '/s', target: bareCheck * 0.5 },
    { what: 'bare: profile from the database', value: bareProfile, unit: '/s' },
    { what: 'own profile, at least 0.5 of bare', value: profile, unit: '/s', target: bareProfile * 0.5 },
  ];
}

/** Each server has sessions of its own: what bare writes would make auth take a repeated token for a stolen one. */
async function measureRefreshes({ auth, bare, sessions }: AuthSite): Promise<Measurement[]> {
  const [ofBare, ofAuth] = [sessions.slice(connections), sessions.slice(0, connections)];
  const [bareRate = 0, value = 0] = await ratesOf([
    { url: bare, setupClient: chained('/refresh', ofBare) },
    { url: auth, setupClient: chained('/v1/auth/refresh', ofAuth) },
  ]);
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
  const bareStorm = storm({ url: `${bare}/login`, method: 'POST' });
  const bareReads = await readBeside(`${bare}/me`, token);
  const bareRate = (await bareStorm).requests.average;
  const requests = sessions.map((_, n) => ({
    path: '/v1/auth/login',
    method: 'POST' as const,
    headers: json,
    body: JSON.stringify({ email: `bench${n}@example.com`, password }),
  }));
  // Each connection for accounts of its own: more than a few log-ins to one account at once look like guessing.
  const logInStorm = storm({ url: auth, requests, setupClient: rotating(requests) });
  const reads = await readBeside(`${auth}/v1/users/me`, token);
  const logIns = await logInStorm;
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

async function storm(options: Load): Promise<autocannon.Result> {
  await load(options, { ...storms, seconds: warmUp });
  return load(options, storms);
}

/** A profile read fifty times a second, while the log-ins beside it are counted: what warms up is not measured. */
async function readBeside(url: string, token: string): Promise<autocannon.Result> {
  await sleep(warmUp * 1_500);
  const headers = { authorization: `Bearer ${token}` };
  return autocannon({ url, headers, connections: 1, overallRate: 50, duration: storms.seconds - 1 });
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
