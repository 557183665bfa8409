import type { Field } from '@mrleebo/prisma-ast';
import { UserError } from '../errors/index.js';
import { quote } from '../renames/index.js';
import { ownDeclarations, type ServiceSchema, tableOf } from '../schema/names.js';
import { attributeText, type Declaration, parseUnchecked } from '../schema/parse.js';
import { fields } from '../schema/render.js';
import type { Service } from '../services/index.js';

/** A model of one service with a relation to a model that another service keeps. */
export interface Link {
  model: Declaration;
  field: Field;
  owner: ServiceSchema;
  target: Declaration;
  /** The fields of the target that the foreign key points to. */
  keys: Field[];
}

/** Relations to models that the schema does not declare and exactly one other service does. */
export function findLinks(source: string, others: ServiceSchema[]): Link[] {
  const { declarations } = parseUnchecked(source);
  const declared = new Set(declarations.map(({ name }) => name));
  return declarations.flatMap((model) =>
    fields(model).flatMap((field) => {
      const name = field.fieldType;
      if (typeof name !== 'string' || declared.has(name)) return [];
      const found = others.flatMap((owner) =>
        ownDeclarations(owner)
          .filter((each) => each.kind === 'model' && each.name === name)
          .map((target) => ({ owner, target })),
      );
      return found.length === 1 && found[0]
        ? [{ model, field, ...found[0], keys: keysOf(field, found[0].target) }]
        : [];
    }),
  );
}

/** The schema with a stand-in for every model it refers to: its keys, and where Prisma finds it. */
export function addStandIns(source: string, links: Link[]): string {
  const targets = [...new Set(links.map(({ target }) => target))];
  const standIns = targets.map((target) =>
    standIn(
      target,
      links.filter((link) => link.target === target),
    ),
  );
  const schemas = new Set(links.map(({ owner }) => owner.service.schema));
  return [nameSchemas(source, schemas).trimEnd(), ...standIns].join('\n\n');
}

function standIn(target: Declaration, links: Link[]): string {
  const [first] = links;
  const { service } = first?.owner ?? {};
  const keys = [...new Map(links.flatMap((link) => link.keys).map((key) => [key.name, key])).values()];
  const relations = links.map(({ model, field }) => {
    const name = relationName(field);
    return `  ${plural(model.name)} ${model.name}[]${name ? ` @relation("${name}")` : ''}`;
  });
  return `/// Belongs to ${service?.name}, which alone migrates it: here are only the keys that others refer to.
model ${target.name} {
${keys.map(keyLine).join('\n')}

${relations.join('\n')}

  @@map("${tableOf(target)}")
  @@schema("${service?.schema}")
}
`;
}

function keyLine(key: Field): string {
  const kept = (key.attributes ?? []).filter(({ name, group }) => group === 'db' || name === 'map');
  const attributes = kept.map(({ group, name, args = [] }) =>
    group === 'db'
      ? `@db.${name}${args.length > 0 ? `(${args.map(({ value }) => String(value)).join(', ')})` : ''}`
      : `@map("${attributeText(kept, 'map')}")`,
  );
  const isId = key.attributes?.some(({ name }) => name === 'id');
  return `  ${key.name} ${key.fieldType} ${[isId ? '@id' : '@unique', ...attributes].join(' ')}`;
}

/**
 * What the owner of the other tables has to allow before the foreign key can be made. Whole tables: of one that shows
 * only some of its columns, Prisma's engine cannot read the indexes.
 */
export function grantSql(links: Link[], service: Service): string {
  const tables = [...new Set(links.map(({ target }) => target))];
  const [first] = links;
  const schema = quote(first?.owner.service.schema ?? '');
  const role = quote(service.ownerRole);
  const statements = tables.map(
    (target) => `GRANT REFERENCES ON ${schema}.${quote(tableOf(target))} TO ${role};`,
  );
  return `${[`GRANT USAGE ON SCHEMA ${schema} TO ${role};`, ...statements].join('\n')}\n`;
}

function keysOf(field: Field, target: Declaration): Field[] {
  const names = listArgument(field, 'references');
  const keys = fields(target).filter(({ name }) => names.includes(name));
  if (keys.length === 1 && names.length === 1) return keys;
  throw new UserError(
    'UNCLEAR_REFERENCE',
    `The relation ${field.name} does not refer to one field of ${target.name}.`,
    {
      hint: `Write it as @relation(fields: [${field.name}Id], references: [id]).`,
    },
  );
}

const relation = (field: Field) => field.attributes?.find(({ name }) => name === 'relation')?.args ?? [];

function listArgument(field: Field, key: string): string[] {
  for (const { value } of relation(field)) {
    if (!isKeyed(value) || value.key !== key) continue;
    if (typeof value.value === 'object' && value.value && 'args' in value.value)
      return value.value.args.map(String);
  }
  return [];
}

function relationName(field: Field): string | undefined {
  const [first] = relation(field);
  return typeof first?.value === 'string' ? (JSON.parse(first.value) as string) : undefined;
}

interface Keyed {
  key: string;
  value: string | { args: unknown[] } | null;
}

const isKeyed = (value: unknown): value is Keyed =>
  typeof value === 'object' && value !== null && 'key' in value;

/** Adds to `schemas = […]` of the datasource. */
function nameSchemas(source: string, schemas: Set<string>): string {
  const start = source.indexOf('schemas', source.indexOf('datasource'));
  const end = source.indexOf(']', start);
  if (start < 0 || end < 0) return source;
  const missing = [...schemas]
    .map((name) => JSON.stringify(name))
    .filter((name) => !source.slice(start, end).includes(name));
  return source.slice(0, end) + missing.map((name) => `, ${name}`).join('') + source.slice(end);
}

const plural = (name: string) => {
  const lower = name.charAt(0).toLowerCase() + name.slice(1);
  return lower.endsWith('s') ? lower : `${lower}s`;
};
