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

/** With SIGN_UP=confirmed nobody is signed in before opening a link that is mailed. */
export class ConfirmationNeeded extends Error {
  constructor() {
    super('signing up needs a link that is mailed (SIGN_UP=confirmed)');
  }
}

export async function signUp(base: string): Promise<Account> {
  // A domain that cannot exist: what the system mails there reaches nobody.
  const email = `check-${randomUUID()}@check.invalid`;
  const password = randomUUID();
  const answer = await send(`${base}/v1/auth/signup`, 'POST', { email, password, firstName: 'Check' });
  if (!answer.ok) throw new Error(`signing up answered ${answer.status}: ${await answer.text()}`);
  if (answer.status === 202) throw new ConfirmationNeeded();
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
