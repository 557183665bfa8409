import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPost, type TestPost } from './support/post-service.js';
import { build, type RunningProcess, startProcess } from './support/process.js';
import { sql } from './support/rows.js';

describe('SIGTERM under load', () => {
  let post: TestPost;
  let running: RunningProcess;
  let token: string;

  beforeAll(async () => {
    [post] = await Promise.all([startPost(), build()]);
    token = await post.auth.token(crypto.randomUUID());
    running = await startProcess('post', { ...post.environment, LOG_LEVEL: 'info', SHUTDOWN_DELAY: '2' });
  }, 90_000);
  afterAll(async () => {
    running.child.kill('SIGKILL');
    await post.stop();
  });

  /** Writes post after post on one connection, as long as the server keeps it open. */
  async function keepWriting(answered: string[]): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let open = true; open; ) {
      const response = await write(agent);
      expect(response.statusCode).toBe(201);
      answered.push(JSON.parse(await text(response)).id);
      open = response.headers.connection !== 'close';
    }
  }
  async function write(agent: Agent): Promise<IncomingMessage> {
    const sent = request(`${running.url}/v1/posts`, {
      agent,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    sent.end(JSON.stringify({ title: 'Under load', content: 'Content' }));
    const [response] = await once(sent, 'response');
    return response;
  }

  it('answers every request that was sent, stores none that was not answered, and leaves with 0', async () => {
    const answered: string[] = [];
    const exit = once(running.child, 'exit');
    const writers = Array.from({ length: 20 }, () => keepWriting(answered));
    while (answered.length < 100) await Promise.race([wait(10), ...writers]);
    running.child.kill('SIGTERM');
    await Promise.all(writers);
    expect((await exit)[0]).toBe(0);
    const stored = await sql<{ id: string }>(
      post.database,
      `SELECT id FROM post_schema.posts WHERE title = 'Under load' ORDER BY id`,
    );
    expect(stored.map(({ id }) => id)).toEqual(answered.toSorted());
  }, 60_000);
});
