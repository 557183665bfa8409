import { alone } from '@bw/migrations/create';
import { findService } from '@bw/migrations/services';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  for (const service of ['auth', 'post']) await sandbox.edit(service, 'model One {\n  id Int @id\n}\n');
});
afterEach(() => sandbox.remove());

const aloneIn = <T>(service: string, work: () => Promise<T>, onWaiting?: (text: string) => void) =>
  alone(findService(service, sandbox.root), sandbox.urlOf(service), work, onWaiting);

describe('two runs at once', () => {
  it('of one service: the second waits, says for what, and finds nothing left to do', async () => {
    const told: string[] = [];
    let second: Promise<unknown> | undefined;
    const migrate = () => sandbox.migrate('post');
    const first = await aloneIn('post', async () => {
      const waiting = new Promise<void>((resolve) => {
        second = aloneIn('post', migrate, (text) => {
          told.push(text);
          resolve();
        });
      });
      await waiting;
      return migrate();
    });
    expect(first).toHaveLength(1);
    expect(await second).toEqual([]);
    expect(told).toEqual([
      expect.stringMatching(/^Another run is making migrations of post \(server process \d+, since .*waits/),
    ]);
  });

  it('of two services do not wait for each other', async () => {
    const work = () => aloneIn('auth', async () => 'done');
    expect(await aloneIn('post', work)).toBe('done');
  });

  it('are free to go on when the first one fails', async () => {
    const failing = aloneIn('post', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await aloneIn('post', async () => 'done')).toBe('done');
  });
});
