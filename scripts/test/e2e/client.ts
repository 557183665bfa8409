import { randomUUID } from 'node:crypto';

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface Problem {
  status: number;
  title: string;
  code: string;
  requestId: string;
  errors?: { pointer: string; message: string }[];
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}

export interface SignedIn extends Tokens {
  user: { id: string; email: string; firstName: string | null };
}

export interface Post {
  id: string;
  title: string;
  content: string;
  author: { id: string; firstName: string | null; lastName: string | null } | null;
}

interface Options {
  method?: string;
  body?: object;
  token?: string;
  headers?: Record<string, string>;
}

/** Sends a request to a service of the running environment, whichever ports it is on. */
export async function call<Body>(
  service: string,
  path: string,
  options: Options = {},
): Promise<Answer<Body>> {
  const { body, token, headers, method = body ? 'POST' : 'GET' } = options;
  const answer = await fetch(`http://127.0.0.1:${portOf(service)}${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json');
  return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as Body };
}

export const password = 'a long walk on the beach 42';

/** An account that no earlier run has used. */
export async function signUp(firstName: string): Promise<SignedIn> {
  const email = `${firstName}-${randomUUID()}@example.com`.toLowerCase();
  const body = { email, password, firstName, lastName: 'Tester' };
  const answer = await call<SignedIn>('auth', '/v1/auth/signup', { body });
  if (answer.status !== 201)
    throw new Error(`Sign-up answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** ./dev.run says where the services are. */
function portOf(service: string): string {
  const variable = `${service.toUpperCase()}_HTTP_PORT`;
  const port = process.env[variable];
  if (!port) throw new Error(`${variable} is not set: run these tests by ./dev.run --e2e.`);
  return port;
}
