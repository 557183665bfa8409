import type { Pool, PoolClient } from 'pg';
import { currentContext } from '../context/index.js';

type Query = (...input: unknown[]) => unknown;

/** Makes a span of every statement that is run for a request; waiting for a connection counts with the statement. */
export function traceQueries(pool: Pool): void {
  pool.on('connect', (client) => {
    const query: Query = client.query.bind(client);
    Object.assign(client, { query: (...input: unknown[]) => traced(query, input) });
  });
  // The pool's own would hand its callback to whoever frees a connection, and with it that request's context.
  Object.assign(pool, { query: (...input: unknown[]) => queryOnce(pool, input) });
}

async function queryOnce(pool: Pool, input: unknown[]): Promise<unknown> {
  const client: PoolClient & { query: Query } = await pool.connect();
  try {
    const result = await client.query(...input);
    client.release();
    return result;
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

function traced(query: Query, input: unknown[]): unknown {
  const { name, text } = describe(input[0]);
  // Values are never in the text: they are parameters.
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text.slice(0, 2_000) };
  const span = currentContext()?.span?.child(name, 'client', attributes);
  const result = query(...input);
  if (span && result instanceof Promise) {
    result.then(
      () => span.end(),
      () => span.end({ failed: true }),
    );
  }
  return result;
}

function describe(statement: unknown): { name: string; text: string } {
  if (typeof statement === 'string') return { name: firstWord(statement), text: statement };
  if (typeof statement !== 'object' || statement === null || !('text' in statement))
    return { name: 'query', text: '' };
  const text = String(statement.text);
  const name = 'name' in statement && typeof statement.name === 'string' ? statement.name : firstWord(text);
  return { name, text };
}

const firstWord = (text: string) => /\w+/.exec(text)?.[0] ?? 'query';
