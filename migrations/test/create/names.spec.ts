import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.remove());

it('fills a column of any name, and calls no folder by it', async () => {
  const lab = (more = '') => `
model Lab {
  id Int @id
  ${more}
}
`;
  await sandbox.edit('post', `${lab('kind Kind?')}\nenum Kind {\n  A\n}\n`);
  await sandbox.migrate('post');
  await sandbox.query('INSERT INTO post_schema."Lab" VALUES (1)');
  await sandbox.edit('post', lab('odd Int @map("The $$ odd $body1$")'));
  const fills = new Map([['Lab.The $$ odd $body1$', { sql: '7' }]]);
  const created = await sandbox.migrate('post', { fills, acceptDataLoss: true, noRenames: true });
  for (const { name } of created) expect(name).toMatch(/^\d{14}_make_it_(?!.*undefined)[a-z0-9_]+$/);
  expect(created.some(({ name }) => name.endsWith('drop_kind'))).toBe(true);
  expect(await sandbox.query('SELECT "The $$ odd $body1$" AS odd FROM post_schema."Lab"')).toEqual([
    { odd: 7 },
  ]);
});
