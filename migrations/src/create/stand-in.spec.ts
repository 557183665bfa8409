import { describe, expect, it } from '@jest/globals';
import { checkSchema, formatSchema } from '../schema/index.js';
import { parseSchema } from '../schema/parse.js';
import { describeService } from '../services/index.js';
import { findLinks } from './links.js';
import { addStandIns } from './stand-in.js';

const auth = describeService('/repository', 'auth');
const post = describeService('/repository', 'post');

const datasource = (more: string) => `datasource db {\n  provider = "postgresql"\n${more}}\n\n`;
const user = `${datasource('')}model User {\n  id Int @id\n  posts Int @unique\n\n  @@map("the \\"users\\"")\n}\n`;

/** Post's schema with stand-ins, which Prisma accepts. */
function link(models: string, more = '  schemas = ["post_schema"]\n'): string {
  const source = datasource(more) + models;
  const links = findLinks(source, [{ service: auth, ...parseSchema('auth.prisma', user) }]);
  const linked = formatSchema(addStandIns(source, links, post));
  checkSchema('post.prisma', linked);
  return linked;
}

const standIn = (linked: string) => linked.slice(linked.indexOf('model User'), linked.indexOf('@@map("the'));
const relation = (name: string, given: string, key = 'id') =>
  `  ${name}Id Int?\n  ${name} User? @relation(${given}fields: [${name}Id], references: [${key}])\n`;
const model = (name: string, fields: string) =>
  `model ${name} {\n  id Int @id\n${fields}\n  @@schema("post_schema")\n}\n`;

describe('addStandIns', () => {
  it('gives every relation a far end of its own name, and the name of the relation', () => {
    const relations = relation('author', '"author", ') + relation('editor', 'name: "editor", ');
    expect(standIn(link(model('Post', relations)))).toMatchInlineSnapshot(`
"model User {
  id Int @id

  posts         Post[] @relation("author")
  postsAsEditor Post[] @relation("editor")

  "
`);
  });

  it('keeps apart models of one plural, and a far end from a key', () => {
    expect(
      standIn(
        link(
          model('Email', relation('author', '')) +
            model('Emails', relation('author', '')) +
            model('Post', relation('author', '', 'posts')),
        ),
      ),
    ).toMatchInlineSnapshot(`
"model User {
  id    Int @id
  posts Int @unique

  emails         Email[]
  emailsAsAuthor Emails[]
  postsAsAuthor  Post[]

  "
`);
  });

  it('writes names with a quote as strings', () => {
    expect(link(model('Post', relation('author', '')))).toContain('@@map("the \\"users\\"")');
  });

  it('names the schema in the datasource, not in a comment that looks like it', () => {
    const comment = '  // The datasource names its schemas [all of them] below.\n';
    const linked = link(
      model('Post', relation('author', '')),
      `${comment}  schemas = ["post_schema"] // [two]\n`,
    );
    expect(linked.slice(0, linked.indexOf('model'))).toMatchInlineSnapshot(`
"datasource db {
  provider = "postgresql"
  // The datasource names its schemas [all of them] below.
  schemas  = ["post_schema", "auth_schema"] // [two]
}

"
`);
  });

  it('has the datasource name its schemas where it did not, and every declaration its own', () => {
    const models = `${model('Post', relation('author', ''))}enum State {\n  DRAFT\n}\n`;
    const linked = link(models.replace('@@schema("post_schema")', ''), '');
    expect(linked.slice(0, linked.indexOf('/// Belongs'))).toMatchInlineSnapshot(`
"datasource db {
  provider = "postgresql"
  schemas  = ["post_schema", "auth_schema"]
}

model Post {
  id       Int   @id
  authorId Int?
  author   User? @relation(fields: [authorId], references: [id])

  @@schema("post_schema")
}

enum State {
  DRAFT

  @@schema("post_schema")
}

"
`);
  });
});
