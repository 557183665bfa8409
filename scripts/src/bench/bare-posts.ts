// The least a server can do to answer the same: Fastify and pg, no checks, no authors. A process of its own.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const server = Fastify();
const columns = 'id, title, content, images, created_by, created_at, updated_at';

server.get<{ Querystring: { before?: string; id?: string } }>('/posts', async ({ query }) => {
  const values = query.before ? [21, query.before, query.id] : [21];
  const position = query.before ? 'AND (created_at, id) < ($2::timestamptz, $3)' : '';
  const text = `SELECT ${columns} FROM post_schema.posts WHERE deleted_at IS NULL ${position}
    ORDER BY created_at DESC, id DESC LIMIT $1`;
  const { rows } = await pool.query({ name: `page ${values.length}`, text, values });
  return { data: rows.slice(0, 20) };
});

server.get<{ Params: { id: string } }>('/posts/:id', async ({ params }) => {
  const text = `SELECT ${columns} FROM post_schema.posts WHERE id = $1 AND deleted_at IS NULL`;
  const { rows } = await pool.query({ name: 'post', text, values: [params.id] });
  return rows[0];
});

server.post<{ Body: { title: string; content: string } }>('/posts', async ({ body }, reply) => {
  const text = `INSERT INTO post_schema.posts (id, title, content, created_by) VALUES ($1, $2, $3, 'bare') RETURNING ${columns}`;
  const { rows } = await pool.query({
    name: 'insert',
    text,
    values: [randomUUID(), body.title, body.content],
  });
  return reply.status(201).send(rows[0]);
});

server.get('/health/ready', () => ({ status: 'ok' }));
await server.listen({ host: '127.0.0.1', port: Number(process.env.HTTP_PORT) });
