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

it('tells columns apart whose names begin alike and are long', async () => {
  const [long, longer] = ['a', 'b'].map((end) => `${'a_column_of_a_long_name_'.repeat(2)}${end}`);
  const lab = (more: string) =>
    `model Laboratory_of_a_long_name {\n  id Int @id @default(autoincrement())\n  ${more}\n}\n`;
  await sandbox.edit('post', lab(''));
  await sandbox.migrate('post');
  await sandbox.query('INSERT INTO post_schema."Laboratory_of_a_long_name" DEFAULT VALUES');
  await sandbox.edit('post', lab(`${long} Int @default(autoincrement())\n  ${longer} Int`));
  const fills = new Map([[`Laboratory_of_a_long_name.${longer}`, { sql: '7' }]]);
  await sandbox.migrate('post', { fills });
  await sandbox.edit('post', lab(`${long} BigInt @default(autoincrement())\n  ${longer} Int?`));
  await sandbox.migrate('post', { rewriteReason: 'the table is small' });
  expect(
    await sandbox.query(
      `INSERT INTO post_schema."Laboratory_of_a_long_name" DEFAULT VALUES RETURNING ${long}::text AS long, ${longer} AS longer`,
    ),
  ).toEqual([{ long: '2', longer: null }]);
});

it.each([
  ['with a double quote', 'a\\"b', "Prisma's SQL does not hold"],
  ['of more bytes than PostgreSQL keeps', 'ä'.repeat(32), 'cuts a name at 63 bytes, and this one has 64'],
])('refuses a name %s', async (_, name, why) => {
  await sandbox.edit('post', `model Lab {\n  id Int @id\n  odd Int? @map("${name}")\n}\n`);
  await expect(sandbox.create('post')).rejects.toMatchObject({
    code: 'NAME_NOT_POSSIBLE',
    message: expect.stringContaining(why),
  });
});

it('says how an operator class is written that Prisma knows again', async () => {
  const lab = (ops: string) =>
    `model Lab {\n  id Int @id\n  data Json\n\n  @@index([data(ops: ${ops})], type: Gin)\n}\n`;
  await sandbox.edit('post', lab('raw("jsonb_path_ops")'));
  await expect(sandbox.create('post')).rejects.toMatchObject({
    code: 'NOT_PROVEN',
    hint: expect.stringContaining('ops: JsonbPathOps'),
  });
  await sandbox.edit('post', lab('JsonbPathOps'));
  await sandbox.migrate('post');
});
