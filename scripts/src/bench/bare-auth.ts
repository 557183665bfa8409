// The least a server can do to answer the same: Fastify, pg and argon2, no checks. A process of its own.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import pg from 'pg';
import { pino } from 'pino';
import { Histogram } from 'prom-client';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const server = Fastify();
const stored = await hash('a long bench passphrase', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const tokens = (process.env.BENCH_TOKENS ?? '').split(',');
const claimsOf = (token: string): { sub: string; role: string; exp: number } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
// By their digests, as auth remembers them.
const digest = (header: string) => createHash('sha256').update(header).digest('base64url');
const remembered = new Map(tokens.map((token) => [digest(`Bearer ${token}`), claimsOf(token)]));

function callerOf({ headers }: FastifyRequest) {
  const known = remembered.get(digest(headers.authorization ?? ''));
  if (!known || known.exp * 1_000 < Date.now()) throw new Error('The token is not known.');
  return known;
}

server.post('/login', async () => ({ ok: await verify(stored, 'a long bench passphrase') }));

async function verifyToken(request: FastifyRequest, reply: FastifyReply) {
  const { sub, role } = callerOf(request);
  return reply.header('x-user-id', sub).header('x-user-role', role).status(204).send();
}

server.get('/verify', verifyToken);

/** The same with the least that gives each request an id, its headers, a log line and a measured duration. */
server.register(async (observed) => {
  const log = pino({ base: { service: 'bare' } }, pino.destination({ sync: false, minLength: 4_096 }));
  const durations = new Histogram({
    name: 'seconds',
    help: 'Of each request.',
    labelNames: ['route', 'status'],
  });
  observed.addHook('onSend', (request, reply, _payload, done) => {
    request.id = randomUUID();
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
    done();
  });
  observed.addHook('onResponse', ({ id, method, ip, routeOptions: { url = '' } }, reply, done) => {
    durations.labels(url, String(reply.statusCode)).observe(reply.elapsedTime / 1_000);
    log.info({ id, method, url, ip, status: reply.statusCode, milliseconds: reply.elapsedTime }, 'request');
    done();
  });
  observed.get('/observed/verify', verifyToken);
});

server.get('/me', async (request) => {
  const text = `SELECT id, email, first_name, last_name, avatar, is_verified, role, created_at, updated_at
                  FROM auth_schema.users WHERE id = $1 AND deleted_at IS NULL`;
  return (await pool.query({ name: 'me', text, values: [callerOf(request).sub] })).rows[0];
});

server.post<{ Body: { refreshToken: string } }>('/refresh', async ({ body: { refreshToken } }) => {
  const [id] = refreshToken.split('.');
  const digest = createHash('sha256').update(randomBytes(32)).digest();
  const text =
    'UPDATE auth_schema.sessions SET parent_digest = $2, rotated_at = now() WHERE id = $1 RETURNING id';
  await pool.query({ name: 'refresh', text, values: [id, digest] });
  return { refreshToken };
});

server.get('/health/ready', () => ({ status: 'ok' }));
await server.listen({ host: '127.0.0.1', port: Number(process.env.HTTP_PORT) });
