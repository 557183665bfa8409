import { describe, expect, it } from '@jest/globals';
import { body, merge } from '../../test/schema/merge-sources.js';

const model = (schema: string, name: string, fields: string) =>
  `model ${name} {\n${fields}\n  @@schema("${schema}_schema")\n}\n`;
const auth = (name: string, fields: string) => model('auth', name, fields);
const post = (name: string, fields: string) => model('post', name, fields);
const id = '  id Int @id\n';
const author = '  authorId Int\n  author User @relation(fields: [authorId], references: [id])\n';

describe('relations between services', () => {
  it('get a far end beside a field of that name', () => {
    const merged = merge({
      auth: auth('User', `${id}  posts Int`),
      comments: model('comments', 'Item', id + author) + auth('User', `${id}  items Item[]`),
      post:
        post('Item', id + author) +
        auth('User', `${id}  items Item[]\n  posts Post[]`) +
        post('Post', id + author),
    });
    expect(body(merged)).toMatchInlineSnapshot(`
"// auth
model User {
  id        Int            @id
  posts     Int
  items     CommentsItem[] @relation("comments_ItemToUser")
  postItems PostItem[]     @relation("post_ItemToUser")
  postPosts Post[]         @relation("post_PostToUser")

  @@schema("auth_schema")
}

// comments
model CommentsItem {
  id       Int  @id
  authorId Int
  author   User @relation("comments_ItemToUser", fields: [authorId], references: [id])

  @@map("Item")
  @@schema("comments_schema")
}

// post
model PostItem {
  id       Int  @id
  authorId Int
  author   User @relation("post_ItemToUser", fields: [authorId], references: [id])

  @@map("Item")
  @@schema("post_schema")
}

model Post {
  id       Int  @id
  authorId Int
  author   User @relation("post_PostToUser", fields: [authorId], references: [id])

  @@schema("post_schema")
}"
`);
  });

  it('may go in both directions between two models, with one name or none', () => {
    const pin = '  pinId Int?\n  pin Post? @relation(fields: [pinId], references: [id])\n';
    const last = '  lastId Int?\n  last Post? @relation("one", fields: [lastId], references: [id])\n';
    const editor =
      '  editorId Int\n  editor User @relation(name: "one", fields: [editorId], references: [id], onDelete: Cascade)\n';
    const merged = merge({
      auth:
        auth('User', id + pin + last) + post('Post', `${id}  users User[]\n  others User[] @relation("one")`),
      post:
        post('Post', id + author + editor) +
        auth('User', `${id}  posts Post[]\n  edited Post[] @relation("one")`),
    });
    expect(body(merged)).toMatchInlineSnapshot(`
"// auth
model User {
  id     Int    @id
  pinId  Int?
  pin    Post?  @relation("auth_PostToUser", fields: [pinId], references: [id])
  lastId Int?
  last   Post?  @relation("auth_one", fields: [lastId], references: [id])
  posts  Post[] @relation("post_PostToUser")
  edited Post[] @relation("post_one")

  @@schema("auth_schema")
}

// post
model Post {
  id       Int    @id
  authorId Int
  author   User   @relation("post_PostToUser", fields: [authorId], references: [id])
  editorId Int
  editor   User   @relation("post_one", fields: [editorId], references: [id], onDelete: Cascade)
  users    User[] @relation("auth_PostToUser")
  others   User[] @relation("auth_one")

  @@schema("post_schema")
}"
`);
  });

  it('refer to the fields that the real model has for the columns', () => {
    const merged = merge({
      auth: auth('User', '  uid Int @id @map("id")'),
      post: post('Post', id + author) + auth('User', `${id}  posts Post[]`),
    });
    expect(merged).toContain('@relation("post_PostToUser", fields: [authorId], references: [uid])');
  });

  it('are refused where the real model has no such column', () => {
    const schemas = {
      auth: auth('User', '  uid Int @id'),
      post: post('Post', id + author) + auth('User', `${id}  posts Post[]`),
    };
    expect(() => merge(schemas)).toThrow(
      'post/prisma/schema.prisma: the field id of model User stands for the column "id" of "auth_schema"."User", which model User of auth does not have.',
    );
  });
});

describe('lists of each other', () => {
  it('keep their table also with a @relation that names none', () => {
    const lists = (service: string) =>
      model(service, 'Event', `${id}  tags Tag[] @relation()`) +
      model(service, 'Tag', `${id}  events Event[] @relation()`);
    const merged = merge({ auth: lists('auth'), post: post('Event', id) });
    expect(merged).toMatch(/tags AuthTag\[\] +@relation\("EventToTag"\)$/m);
    expect(merged).toMatch(/events AuthEvent\[\] +@relation\("EventToTag"\)$/m);
  });

  it('are refused where the models change their order, for the columns would change places', () => {
    const standIn = (fields: string) => auth('Author', `${fields}\n  @@map("User")`);
    expect(() =>
      merge({
        auth: auth('User', id),
        post: post('Post', `${id}  authors Author[]`) + standIn(`${id}  posts Post[]`),
      }),
    ).toThrow(
      'post/prisma/schema.prisma: Author and Post have lists of each other and are called User and Post in the combined schema.',
    );
  });

  it('of two other relations may change their order', () => {
    const merged = merge({
      auth: auth('User', `${id}  likeId Int`),
      post:
        post(
          'Post',
          `${id}${author.replace('User', 'Author').replace('(', '("a", ')}  liked Author[] @relation("b")`,
        ) +
        auth(
          'Author',
          `${id}  posts Post[] @relation("a")\n  likeId Int\n  like Post @relation("b", fields: [likeId], references: [id])\n  @@map("User")`,
        ),
    });
    expect(merged).toContain('liked    User[]');
  });
});
