import { expect, it } from '@jest/globals';
import { body, merge } from '../../test/schema/merge-sources.js';

it('names may have the letters of every script', () => {
  const größe = (schema: string) => `
model Größe {
  id    Int    @id
  preço Int    @default(1) // ção
  ß     Maß
  a     String @default("größe")
  teilÄ Teil[]
  @@unique([preço, ß])
  @@schema("${schema}_schema")
}
model Teil {
  id Int @id
  größeId Int
  größe Größe @relation(fields: [größeId], references: [id])
  @@schema("${schema}_schema")
}
enum Maß {
  µ
  @@schema("${schema}_schema")
}
`;
  expect(body(merge({ auth: größe('auth'), post: größe('post') }))).toMatchInlineSnapshot(`
"// auth

model AuthGröße {
  id     Int        @id
  preço Int        @default(1) // ção
  ß     AuthMaß
  a      String     @default("größe")
  teilÄ AuthTeil[]

  @@unique([preço, ß])
  @@map("Größe")
  @@schema("auth_schema")
}

model AuthTeil {
  id        Int         @id
  größeId Int
  größe   AuthGröße @relation(fields: [größeId], references: [id])

  @@map("Teil")
  @@schema("auth_schema")
}

enum AuthMaß {
  µ

  @@map("Maß")
  @@schema("auth_schema")
}

// post

model PostGröße {
  id     Int        @id
  preço Int        @default(1) // ção
  ß     PostMaß
  a      String     @default("größe")
  teilÄ PostTeil[]

  @@unique([preço, ß])
  @@map("Größe")
  @@schema("post_schema")
}

model PostTeil {
  id        Int         @id
  größeId Int
  größe   PostGröße @relation(fields: [größeId], references: [id])

  @@map("Teil")
  @@schema("post_schema")
}

enum PostMaß {
  µ

  @@map("Maß")
  @@schema("post_schema")
}"
`);
});
