import { randomUUID } from 'node:crypto';

/** A throwaway account on a running system. */
export interface Account {
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
}

/** JSON over HTTP as a client of the gateway sends it. */
export function send(
  url: string,
  method: string,
  body?: object,
  token?: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
}

export async function signUp(base: string): Promise<Account> {
  const email = `check-${randomUUID()}@example.com`;
  const password = randomUUID();
  const answer = await send(`${base}/v1/auth/signup`, 'POST', { email, password, firstName: 'Check' });
  if (!answer.ok) throw new Error(`signing up answered ${answer.status}: ${await answer.text()}`);
  const { accessToken, refreshToken } = (await answer.json()) as Account;
  return { email, password, accessToken, refreshToken };
}

/** The account with new tokens. */
export async function refresh(base: string, account: Account): Promise<Account> {
  const { refreshToken } = account;
  const answer = await send(`${base}/v1/auth/refresh`, 'POST', { refreshToken });
  if (!answer.ok) throw new Error(`refreshing answered ${answer.status}: ${await answer.text()}`);
  return { ...account, ...((await answer.json()) as Account) };
}
