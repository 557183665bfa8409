import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { drawDiagram, readDatabaseModel, writeDiagram } from './index.js';

const schema = `
datasource db {
  provider = "postgresql"
  schemas  = ["auth_schema", "post_schema"]
}

model User {
  id    String @id
  email String @unique
  notes Note[]

  @@map("users")
  @@schema("auth_schema")
}

model Note {
  id     String @id
  userId String @map("user_id")
  user   User   @relation(fields: [userId], references: [id])

  @@map("notes")
  @@schema("auth_schema")
}

model Post {
  id        String   @id
  /// Who wrote it. @references auth_schema.users
  createdBy String?  @map("created_by")
  price     Decimal  @db.Decimal(10, 2)
  tags      String[]
  search    Unsupported("tsvector")? @map("search_text")

  @@map("posts")
  @@schema("post_schema")
}
`;

async function draw(source: string, file: string): Promise<string> {
  const drawing = (await drawDiagram(source)).get(file);
  if (drawing === undefined) throw new Error(`${file} was not drawn`);
  return drawing;
}

describe('the diagram of the combined schema', () => {
  it('groups tables by service, with keys and the types of the database', () => {
    const { services } = readDatabaseModel(schema);
    expect(services.map(({ name, tables }) => [name, tables.map((table) => table.name)])).toEqual([
      ['auth', ['notes', 'users']],
      ['post', ['posts']],
    ]);
    expect(services[1]?.tables[0]?.columns).toEqual([
      { name: 'id', type: 'String', key: 'PK', isRequired: true },
      { name: 'created_by', type: 'String', key: '', isRequired: false },
      { name: 'price', type: 'Decimal(10,2)', key: '', isRequired: true },
      { name: 'tags', type: 'String[]', key: '', isRequired: true },
      { name: 'search_text', type: 'tsvector', key: '', isRequired: false },
    ]);
  });

  it('tells a constraint from an id that is only documented to point somewhere', () => {
    expect(readDatabaseModel(schema).relations).toEqual([
      {
        kind: 'constraint',
        from: { table: 'auth_schema.notes', column: 'user_id' },
        to: { table: 'auth_schema.users', column: 'id' },
      },
      {
        kind: 'loose',
        from: { table: 'post_schema.posts', column: 'created_by' },
        to: { table: 'auth_schema.users', column: 'id' },
      },
    ]);
  });

  it('is Mermaid text', async () => {
    expect(await draw(schema, 'database.mmd')).toMatchInlineSnapshot(`
"erDiagram
  %% auth
  auth_schema__notes["auth.notes"]:::service_auth {
    String id PK
    String user_id FK
  }
  auth_schema__users["auth.users"]:::service_auth {
    String id PK
    String email UK
  }
  %% post
  post_schema__posts["post.posts"]:::service_post {
    String id PK
    String created_by
    Decimal(10_2) price
    String[] tags
    tsvector search_text
  }
  auth_schema__users ||--o{ auth_schema__notes : "user_id"
  auth_schema__users ||..o{ post_schema__posts : "created_by"
  classDef service_auth fill:#e0ecff,stroke:#3b6fb6,color:#10243e
  classDef service_post fill:#e3f6e5,stroke:#3f8f4a,color:#122d16
"
`);
  });

  it('is one SVG that names every table and loads nothing', async () => {
    const svg = await draw(schema, 'database.svg');
    for (const table of ['auth_schema.notes', 'auth_schema.users', 'post_schema.posts'])
      expect(svg).toContain(`data-table="${table}"`);
    expect(svg.match(/<path class="line/g)).toHaveLength(2);
    expect(svg).toContain('posts.created_by → auth_schema.users.id (no constraint)');
    expect(svg).not.toMatch(/<script|href=|url\(/);
  });

  it('is the same drawing for the same schema', async () => {
    expect(await draw(schema, 'database.svg')).toBe(await draw(schema, 'database.svg'));
  });
});

describe('the diagram of an unusual schema', () => {
  const declare = (models: string) =>
    `datasource db {\n  provider = "postgresql"\n  schemas  = ["class_schema"]\n}\n${models.replaceAll('\n}', '\n  @@schema("class_schema")\n}')}`;
  const models = declare(`
model Place {
  x    Int
  y    Int
  tags Tag[]
  id   Int @id
  stops Stop[]
  @@unique([x, y])
}
model Tag {
  id     Int     @id
  places Place[]
  @@map("the \\"tags\\"")
}
model Stop {
  a     Int
  b     Int    @map("2nd place")
  key   String @map("Pk")
  point Unsupported("geometry(Point, 4326)")?
  place Place  @relation(fields: [b, a], references: [x, y])
  code  String @ignore @db.Char(3)
  @@id([a, b])
}
model Log {
  line String?
  @@ignore
}
`);

  it('pairs the columns of a key as the key does, and draws a table between two lists', () => {
    expect(readDatabaseModel(models).relations).toEqual([
      {
        kind: 'lists',
        from: { table: 'class_schema.Place', column: 'id' },
        to: { table: 'class_schema.the "tags"', column: 'id' },
        through: '_PlaceToTag',
      },
      {
        kind: 'constraint',
        from: { table: 'class_schema.Stop', column: '2nd place' },
        to: { table: 'class_schema.Place', column: 'x' },
      },
    ]);
  });

  it('is Mermaid text whatever the names, with what clients ignore', async () => {
    expect(await draw(models, 'database.mmd')).toMatchInlineSnapshot(`
"erDiagram
  %% class
  class_schema__Log["class.Log"]:::service_class {
    String line
  }
  class_schema__Place["class.Place"]:::service_class {
    Int x
    Int y
    Int id PK
  }
  class_schema__Stop["class.Stop"]:::service_class {
    Int a PK
    Int _2nd_place PK
    String _Pk
    geometry(Point__4326) point
    Char(3) code
  }
  class_schema__the_20_22tags_22["class.the 'tags'"]:::service_class {
    Int id PK
  }
  class_schema__the_20_22tags_22 }o--o{ class_schema__Place : "_PlaceToTag"
  class_schema__Place ||--o{ class_schema__Stop : "2nd place"
  classDef service_class fill:#e0ecff,stroke:#3b6fb6,color:#10243e
"
`);
    expect(await draw(models, 'database.svg')).toContain('(through _PlaceToTag)');
  });
});

describe('docs/diagram', () => {
  const root = mkdtempSync(join(tmpdir(), 'bw-diagram-'));
  const write = (columns: string) =>
    writeFileSync(
      join(root, 'auth/prisma/schema.prisma'),
      `datasource db {\n  provider = "postgresql"\n  schemas  = ["auth_schema"]\n}
model User {\n  id String @id\n${columns}\n  @@map("users")\n  @@schema("auth_schema")\n}\n`,
    );
  const stale = async (check: boolean) => (await writeDiagram({ root, check })).map(({ path }) => path);
  const both = ['docs/diagram/database.mmd', 'docs/diagram/database.svg'];

  beforeAll(() => {
    mkdirSync(join(root, 'auth/prisma'), { recursive: true });
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it("is drawn from the services' schemas, and stale as soon as one of them changes", async () => {
    write('');
    expect(await stale(false)).toEqual(both);
    expect(await stale(true)).toEqual([]);
    write('  email String');
    expect(await stale(true)).toEqual(both);
    expect(await stale(false)).toEqual(both);
    expect(await stale(true)).toEqual([]);
  });
});
