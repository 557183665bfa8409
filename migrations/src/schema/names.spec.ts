import { describe, expect, it } from '@jest/globals';
import { body, merge, settings } from '../../test/schema/merge-sources.js';
import { withEngine } from '../engine/index.js';

describe('names in the combined schema', () => {
  it('keep two models of one name apart without renaming a table', () => {
    const model = (schema: string) => `
model Event {
  id   Int    @id
  kind Kind   @default(A)
  tags Tag[]
  next Event? @relation("chain", fields: [nextId], references: [id])
  nextId Int? @unique
  prev Event? @relation("chain")
  @@schema("${schema}")
}
model Tag {
  id     Int     @id
  events Event[]
  @@map("${schema}_tags")
  @@schema("${schema}")
}
enum Kind {
  A
  @@schema("${schema}")
}`;
    expect(
      body(
        merge({
          auth: model('auth_schema'),
          post: `// only here\n${model('post_schema').replaceAll('Tag', 'Label')}`,
        }),
      ),
    ).toMatchInlineSnapshot(`
"// auth

model AuthEvent {
  id     Int        @id
  kind   AuthKind   @default(A)
  tags   AuthTag[]  @relation("EventToTag")
  next   AuthEvent? @relation("chain", fields: [nextId], references: [id])
  nextId Int?       @unique
  prev   AuthEvent? @relation("chain")

  @@map("Event")
  @@schema("auth_schema")
}

model AuthTag {
  id     Int         @id
  events AuthEvent[] @relation("EventToTag")

  @@map("auth_schema_tags")
  @@schema("auth_schema")
}

enum AuthKind {
  A

  @@map("Kind")
  @@schema("auth_schema")
}

// post
// only here

model PostEvent {
  id     Int         @id
  kind   PostKind    @default(A)
  tags   PostLabel[] @relation("EventToLabel")
  next   PostEvent?  @relation("chain", fields: [nextId], references: [id])
  nextId Int?        @unique
  prev   PostEvent?  @relation("chain")

  @@map("Event")
  @@schema("post_schema")
}

model PostLabel {
  id     Int         @id
  events PostEvent[] @relation("EventToLabel")

  @@map("post_schema_tags")
  @@schema("post_schema")
}

enum PostKind {
  A

  @@map("Kind")
  @@schema("post_schema")
}"
`);
  });

  it('have a longer prefix where one is taken, and one prefix for all of a service', () => {
    const models = (schema: string, names: string[]) =>
      names.map((name) => `model ${name} {\n  id Int @id\n  @@schema("${schema}")\n}\n`).join('');
    const merged = merge({
      auth: models('auth_schema', ['User', 'Role', 'AuthUser']),
      post: models('post_schema', ['User', 'Role']),
    });
    expect(merged.split('\n').filter((line) => line.startsWith('model'))).toEqual([
      'model AuthServiceUser {',
      'model AuthServiceRole {',
      'model AuthUser {',
      'model PostUser {',
      'model PostRole {',
    ]);
  });

  it('leave it to each column of a table between two lists what it refers to', async () => {
    const auth = `
model Tag {
  id    Int    @id
  users User[]
  @@schema("auth_schema")
}
model User {
  id   Int   @id
  tags Tag[]
  @@schema("auth_schema")
}`;
    const keysOf = (source: string) =>
      withEngine({}, async (engine) => {
        const sql = await engine.diff({ empty: true }, { schema: [['schema.prisma', source]] });
        return sql.split('\n').filter((line) => line.includes('FOREIGN KEY'));
      });
    const apart = await keysOf(settings('auth') + auth);
    expect(apart).toHaveLength(2);
    const post = 'model User {\n  id Int @id\n  @@map("people")\n  @@schema("post_schema")\n}';
    expect(await keysOf(merge({ auth, post }))).toEqual(apart);
  });
});
