import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

interface Kept {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAt: number;
  /** Milliseconds that the answer may be kept. */
  readonly lifetime: number;
}

/** Milliseconds between two requests at least: tokens that name unknown keys are anybody's input. */
const pause = 10_000;
const usual = 600_000;
/** Bytes; what partners publish is a few kilobytes. */
const longestAnswer = 256 * 1024;
const longest = 24 * 3_600_000;

/** The keys at an address, kept as long as the answer allows, and fetched again for a key not seen yet. */
export function publishedKeys(findAddress: () => Promise<string>): JWTVerifyGetKey {
  let kept: Kept | undefined;
  let fetching: Promise<Kept> | undefined;
  const fetchOnce = async () => {
    fetching ??= findAddress().then(fetchKeys);
    try {
      kept = await fetching;
      return kept;
    } finally {
      fetching = undefined;
    }
  };
  const isOlder = ({ fetchedAt }: Kept, milliseconds: number) => Date.now() - fetchedAt >= milliseconds;
  return async (header, token) => {
    const current = kept && !isOlder(kept, kept.lifetime) ? kept : await fetchOnce();
    try {
      return await current.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !isOlder(current, pause)) throw error;
      return (await fetchOnce()).find(header, token);
    }
  };
}

export async function fetchJson(address: string): Promise<{ body: unknown; headers: Headers }> {
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
  if (!response.ok) throw new Error(`${address} answers ${response.status}.`);
  return { body: JSON.parse(await textOf(response, address)), headers: response.headers };
}

async function textOf({ body }: Response, address: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > longestAnswer) throw new Error(`${address} answers more than ${longestAnswer} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** As the address is understood, not as it is spelt: schemes have no case. */
export const isHttps = (address: string): boolean => new URL(address).protocol === 'https:';

async function fetchKeys(address: string): Promise<Kept> {
  const { body, headers } = await fetchJson(address);
  if (!isKeySet(body)) throw new Error(`${address} is no key set.`);
  return { find: createLocalJWKSet(body), fetchedAt: Date.now(), lifetime: lifetimeOf(headers) };
}

function lifetimeOf(headers: Headers): number {
  const control = headers.get('cache-control') ?? '';
  if (/\bno-(store|cache)\b/i.test(control)) return pause;
  const seconds = /\bmax-age=(\d+)/i.exec(control)?.[1];
  if (seconds === undefined) return usual;
  return Math.min(longest, Math.max(pause, Number(seconds) * 1_000));
}

const isKeySet = (body: unknown): body is JSONWebKeySet =>
  typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys);
