import { UserError } from '../errors/index.js';
import type { Service } from '../services/index.js';
import { attributeText, type Declaration, fields, members, type ParsedSchema } from './parse.js';
import { isListPair } from './relations.js';

export interface ServiceSchema extends ParsedSchema {
  service: Service;
}

/** What one service's declarations become in the merged schema, by the name that the service uses itself. */
export interface ServiceNames {
  final: Map<string, string>;
  /** What its stand-ins stand for. */
  reals: Map<string, Real>;
}

export interface Real {
  schema: ServiceSchema;
  declaration: Declaration;
}

/** Two services may use one name: then each gets its service's as a prefix. A stand-in is called as the real one is. */
export function resolveNames(schemas: ServiceSchema[]): Map<ServiceSchema, ServiceNames> {
  const own = schemas.flatMap((schema) => ownDeclarations(schema).map(({ name }) => name));
  const clashes = withPartners(
    schemas,
    own.filter((name, index) => own.indexOf(name) !== index),
  );
  const prefixes = freePrefixes(schemas, clashes, new Set(own));
  const finalName = ({ schema, declaration: { name } }: Real) =>
    clashes.has(name) ? `${prefixes.get(schema)}${name}` : name;
  return new Map(
    schemas.map((schema) => {
      const standIns = schema.declarations.filter((each) => !isOwn(schema, each));
      const reals = new Map(standIns.map((each) => [each.name, findReal(schemas, schema, each)]));
      const final = new Map(
        schema.declarations.map((declaration) => [
          declaration.name,
          finalName(reals.get(declaration.name) ?? { schema, declaration }),
        ]),
      );
      assertOrderKept(schema, final);
      return [schema, { final, reals }];
    }),
  );
}

/** One for all names of a service that need it, which keeps their order; longer where a name is taken already. */
function freePrefixes(schemas: ServiceSchema[], clashes: Set<string>, taken: Set<string>) {
  return new Map(
    schemas.map((schema) => {
      const names = ownDeclarations(schema).filter(({ name }) => clashes.has(name));
      let prefix = pascalCase(schema.service.name);
      while (names.some(({ name }) => taken.has(prefix + name))) prefix += 'Service';
      for (const { name } of names) taken.add(prefix + name);
      return [schema, prefix];
    }),
  );
}

/**
 * Which column of the table between two lists belongs to which model, Prisma tells by the order of the models' names: a
 * prefix goes to both or to none.
 */
function withPartners(schemas: ServiceSchema[], names: string[]): Set<string> {
  const pairs = schemas.flatMap(listPairs);
  const found = new Set(names);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const [one, other] of pairs) if (found.has(one)) found.add(other);
  }
  return found;
}

/** Models with a list of each other, each pair in both orders. */
function listPairs(schema: ServiceSchema): [string, string][] {
  return schema.declarations.flatMap((owner) =>
    fields(owner)
      .filter((field) => isListPair(schema, owner, field))
      .map((field): [string, string] => [owner.name, String(field.fieldType)]),
  );
}

/** Under names of another order the two columns of the table would change places. */
function assertOrderKept(schema: ServiceSchema, final: Map<string, string>): void {
  for (const [one, other] of listPairs(schema)) {
    const [oneFinal = one, otherFinal = other] = [final.get(one), final.get(other)];
    if (one < other && oneFinal > otherFinal)
      throw new UserError(
        'LISTS_CHANGE_ORDER',
        `${schema.service.schemaFile}: ${one} and ${other} have lists of each other and are called ${oneFinal} and ${otherFinal} in the combined schema. Prisma takes the order of the columns of the table between them from the order of their names, which is another there.`,
        {
          hint: `Replace the two lists by a model of its own for the table, with a relation to ${one} and one to ${other} (an explicit many-to-many relation).`,
        },
      );
  }
}

export const ownDeclarations = (schema: ServiceSchema) =>
  schema.declarations.filter((each) => isOwn(schema, each));

/** Whether the service itself keeps it. One in another service's schema only stands in for that service's. */
export function isOwn({ service }: ServiceSchema, declaration: Declaration): boolean {
  return (schemaOf(declaration) ?? service.schema) === service.schema;
}

/** What a stand-in stands for: the declaration of the same table in the service that keeps it. */
export function findReal(schemas: ServiceSchema[], from: ServiceSchema, standIn: Declaration): Real {
  const schema = schemas.find(({ service }) => service.schema === schemaOf(standIn));
  const declaration =
    schema &&
    ownDeclarations(schema).find((own) => own.kind === standIn.kind && tableOf(own) === tableOf(standIn));
  if (schema && declaration) return { schema, declaration };
  throw new UserError(
    'UNKNOWN_EXTERNAL',
    `${from.service.schemaFile}: ${standIn.kind} ${standIn.name} stands for "${schemaOf(standIn)}"."${tableOf(standIn)}", which no service declares.`,
    {
      hint: `${from.service.name} keeps its own tables in ${from.service.schema} (docs/decisions/0015-a-table-stays-in-its-service.md); another @@schema is that of a service that has the table. Correct @@map and @@schema, or remove it if the other service no longer has the table.`,
    },
  );
}

export const schemaOf = ({ node }: Declaration) => attributeText(members(node), 'schema');
export const mappedTo = ({ node }: Declaration) => attributeText(members(node), 'map');
export const tableOf = (declaration: Declaration) => mappedTo(declaration) ?? declaration.name;

/** A name that nothing has yet: the one given, or the first of it with a number. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}${number}`;
  return free;
}

export const pascalCase = (name: string) =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
