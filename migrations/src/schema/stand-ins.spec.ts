import { describe, expect, it } from '@jest/globals';
import { body, merge } from '../../test/schema/merge-sources.js';

describe('stand-ins', () => {
  const user =
    'model User {\n  id String @id\n  name String?\n  @@map("users")\n  @@schema("auth_schema")\n}';
  const post = (table: string) => `
model Post {
  id       String @id
  authorId String
  author   Author @relation(fields: [authorId], references: [id])
  @@schema("post_schema")
}
model Author {
  id    String @id
  posts Post[] // theirs
  @@map("${table}")
  @@schema("auth_schema")
}`;

  it("become the other service's model, with its back-relation", () => {
    expect(body(merge({ auth: user, post: post('users') }))).toMatchInlineSnapshot(`
"// auth
model User {
  id    String  @id
  name  String?
  posts Post[]  @relation("post_AuthorToPost") // theirs

  @@map("users")
  @@schema("auth_schema")
}

// post

model Post {
  id       String @id
  authorId String
  author   User   @relation("post_AuthorToPost", fields: [authorId], references: [id])

  @@schema("post_schema")
}"
`);
  });

  it('are refused for a table nobody has', () => {
    expect(() => merge({ auth: user, post: post('people') })).toThrow(
      'post/prisma/schema.prisma: model Author stands for "auth_schema"."people", which no service declares.',
    );
  });
});
