import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import Provider from 'oidc-provider';

const redirect = 'https://client.example.com/callback';

/** A real OpenID provider on loopback, whose users log in by a form as they would in a browser. */
export class OidcIssuer {
  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(claims: (id: string) => Record<string, unknown>): Promise<OidcIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${portOf(server)}`;
    const provider = new Provider(url, {
      clients: [
        {
          client_id: 'our-app',
          client_secret: 'our-secret',
          redirect_uris: [redirect],
          response_types: ['code'],
        },
      ],
      conformIdTokenClaims: false,
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      pkce: { required: () => false },
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims(id) }) }),
    });
    server.on('request', provider.callback());
    return new OidcIssuer(url, server);
  }

  /** Goes through the authorization code flow and answers the ID token. */
  async idTokenFor(login: string): Promise<string> {
    const query = new URLSearchParams({
      client_id: 'our-app',
      redirect_uri: redirect,
      response_type: 'code',
      scope: 'openid email',
    });
    const browser = new Browser(this.url);
    const code = await browser.logIn(`/auth?${query}`, login);
    const response = await fetch(`${this.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('our-app:our-secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirect }),
    });
    const { id_token: token } = JSON.parse(await response.text());
    return token;
  }

  stop(): Promise<void> {
    return close(this.server);
  }
}

/** Follows redirects and sends back cookies and forms, no more. */
class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly origin: string) {}

  async logIn(start: string, login: string): Promise<string> {
    let next = await this.visit(start);
    const forms: Record<string, string>[] = [
      { prompt: 'login', login, password: 'x' },
      { prompt: 'consent' },
    ];
    for (const form of forms) {
      next = await this.follow(next);
      next = await this.visit(next, form);
    }
    const end = await this.follow(next);
    return new URL(end).searchParams.get('code') ?? '';
  }

  /** Until the page that shows a form or the address outside. */
  private async follow(address: string): Promise<string> {
    let current = address;
    while (current.startsWith(this.origin) && !current.includes('/interaction/'))
      current = await this.visit(current);
    return current;
  }

  private async visit(address: string, form?: Record<string, string>): Promise<string> {
    const response = await fetch(new URL(address, this.origin), {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    return new URL(response.headers.get('location') ?? address, this.origin).href;
  }

  private keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const separator = pair.indexOf('=');
    const [name, value] = [pair.slice(0, separator), pair.slice(separator + 1)];
    if (value) this.cookies.set(name, value);
    else this.cookies.delete(name);
  }
}

/** Publishes keys and signs ID tokens as Firebase does. */
export class FirebaseIssuer {
  keySetRequests = 0;

  private constructor(
    readonly jwksUri: string,
    private readonly server: Server,
    private readonly key: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'],
  ) {}

  static async start(): Promise<FirebaseIssuer> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const keys: JWK[] = [{ ...(await exportJWK(publicKey)), kid: 'f1', alg: 'RS256', use: 'sig' }];
    const server = createServer((_request, response) => {
      issuer.keySetRequests += 1;
      response
        .setHeader('content-type', 'application/json')
        .setHeader('cache-control', 'public, max-age=3600');
      response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = new FirebaseIssuer(`http://127.0.0.1:${portOf(server)}/keys`, server, privateKey);
    return issuer;
  }

  idToken(
    project: string,
    claims: Record<string, unknown>,
    audience: string | string[] = project,
  ): Promise<string> {
    return new SignJWT({ auth_time: Math.floor(Date.now() / 1_000), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'f1', typ: 'JWT' })
      .setIssuer(`https://securetoken.google.com/${project}`)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(this.key);
  }

  stop(): Promise<void> {
    return close(this.server);
  }
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
