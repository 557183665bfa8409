import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { addField, createRepository, type Repository } from './repository.js';

// Every step starts the Prisma CLI and the engine, each a process of its own.
jest.setTimeout(180_000);

const standIn = `
model User {
  id    String @id
  posts Post[]

  @@map("users")
  @@schema("auth_schema")
}
`;

const author =
  'authorId String? @map("author_id")\n  author User? @relation(fields: [authorId], references: [id])';

let repository: Repository;
const post = (...args: string[]) => repository.migrate('post', 'migrate', ...args);

beforeAll(async () => {
  repository = await createRepository();
  expect(await repository.migrate('auth', 'migrate', 'dev', '--name', 'create_users')).toMatchObject({
    code: 0,
  });
  await repository.query('GRANT USAGE ON SCHEMA auth_schema TO post_owner');
  await repository.query('GRANT REFERENCES ON auth_schema.users TO post_owner');
  await repository.edit(
    'post',
    (schema) =>
      addField('Post', author)(schema).replace('["post_schema"]', '["post_schema", "auth_schema"]') + standIn,
  );
});
afterAll(() => repository.remove());

it('prisma migrate dev goes on where a history refers to another service', async () => {
  expect(await post('dev', '--name', 'create_posts')).toMatchObject({ code: 0 });
  await repository.edit('post', addField('Post', 'subtitle String?'));
  const added = await post('dev', '--name', 'add_subtitle_to_posts');
  expect(added.output).toContain('Your database is now in sync with your schema.');
  expect(await post('dev')).toMatchObject({
    code: 0,
    output: expect.stringContaining('Already in sync'),
  });
});

it('prisma migrate diff compares such a history with the schema, and with the database', async () => {
  const from = ['--from-migrations', 'prisma/migrations', '--exit-code'];
  expect(await post('diff', ...from, '--to-schema', 'prisma/schema.prisma')).toMatchObject({ code: 0 });
  expect(await post('diff', ...from, '--to-config-datasource')).toMatchObject({ code: 0 });
  await repository.query('ALTER TABLE post_schema.posts ADD COLUMN stray int');
  expect(await post('diff', ...from, '--to-config-datasource', '--script')).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('ALTER TABLE "post_schema"."posts" ADD COLUMN     "stray" INTEGER;'),
  });
  await repository.query('ALTER TABLE post_schema.posts DROP COLUMN stray');
});

it('prisma migrate dev says what is missing where the stand-in is gone', async () => {
  await repository.edit('post', (schema) => schema.replace(standIn, '').replace(author, ''));
  const { code, output } = await post('dev', '--name', 'drop_author_of_posts');
  expect(code).toBe(1);
  expect(output).toContain('The history of post has a foreign key to "auth_schema"."users"');
});
