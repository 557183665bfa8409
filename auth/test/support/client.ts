import type { Problem } from '@bw/service-kit/errors';
import type { ManagedUser } from '../../src/administration/administration.dto.js';
import type { AuditEvent } from '../../src/audit/audit.dto.js';
import type { Integration } from '../../src/integrations/integrations.dto.js';
import type { ExchangedTokens } from '../../src/integrations/token-exchange.dto.js';
import type { Session, SignedInUser } from '../../src/sessions/sessions.dto.js';

/** Any field that any answer may have; a test looks at those it expects. */
type Body = SignedInUser &
  ManagedUser &
  Integration &
  ExchangedTokens &
  Problem &
  PageBody & { keys: { kid: string }[] };

interface PageBody {
  readonly data: (Session & ManagedUser & Integration & AuditEvent)[];
  readonly page: { readonly next: string | null; readonly limit: number };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}

interface Request {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Speaks JSON to one service and keeps every answer it gets. */
export class Client {
  readonly answers: string[] = [];

  constructor(readonly url: string) {}

  get = (path: string, token?: string) => this.send('GET', path, { token });
  post = (path: string, body?: unknown, token?: string) => this.send('POST', path, { body, token });
  put = (path: string, body: unknown, token?: string) => this.send('PUT', path, { body, token });
  patch = (path: string, body: unknown, token?: string) => this.send('PATCH', path, { body, token });
  delete = (path: string, token?: string) => this.send('DELETE', path, { token });

  async send(method: string, path: string, { token, body, headers }: Request = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    this.answers.push(text);
    return { status: response.status, headers: response.headers, body: parse(text), text };
  }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse('{}');
  }
}
