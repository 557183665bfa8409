import type { Field as ParsedField } from '@mrleebo/prisma-ast';
import prisma from '@prisma/prisma-schema-wasm';
import {
  attributeText,
  type Declaration,
  fields,
  parseUnchecked,
  relationList,
  schemaOf,
  tableOf,
} from '../schema/index.js';

export interface Field {
  name: string;
  dbName?: string;
  kind: 'scalar' | 'enum' | 'object' | 'unsupported';
  type: string;
  isList: boolean;
  isRequired: boolean;
  isId: boolean;
  isUnique: boolean;
  relationName?: string;
  relationFromFields?: string[];
  relationToFields?: string[];
  nativeType?: [string, string[]] | null;
  documentation?: string;
}

export interface Model {
  name: string;
  dbName: string | null;
  schema: string;
  fields: Field[];
  primaryKey: { fields: string[] } | null;
}

/** The models of a schema as Prisma itself reads them, with the columns and tables that its clients leave out. */
export function readModels(source: string): Model[] {
  const { datamodel } = JSON.parse(
    prisma.get_dmmf(JSON.stringify({ prismaSchema: [['schema.prisma', source]], noColor: true })),
  ) as { datamodel: { models: Model[] } };
  if (!source.includes('Unsupported(') && !source.includes('@ignore')) return datamodel.models;
  const declarations = parseUnchecked(source).declarations.filter(({ kind }) => kind === 'model');
  const known = new Map(datamodel.models.map((model) => [model.name, model]));
  const names = new Set(declarations.map(({ name }) => name));
  const complete = declarations.map((declaration) => withAllFields(declaration, known, names));
  return [...complete, ...datamodel.models.filter(({ name }) => !names.has(name))];
}

/** In the order of the source. */
function withAllFields(declaration: Declaration, known: Map<string, Model>, models: Set<string>): Model {
  const model = known.get(declaration.name) ?? ignored(declaration);
  return {
    ...model,
    fields: fields(declaration).map(
      (field) => model.fields.find(({ name }) => name === field.name) ?? fieldOf(field, models),
    ),
  };
}

function ignored(declaration: Declaration): Model {
  return {
    name: declaration.name,
    dbName: tableOf(declaration),
    schema: schemaOf(declaration) ?? '',
    fields: [],
    primaryKey: null,
  };
}

function fieldOf(field: ParsedField, models: Set<string>): Field {
  const { name, fieldType, array, optional, attributes = [] } = field;
  const has = (wanted: string) => attributes.some((each) => each.name === wanted && !each.group);
  const native = attributes.find(({ group }) => group === 'db');
  const isScalar = typeof fieldType === 'string' && !models.has(fieldType);
  return {
    name,
    dbName: attributeText(attributes, 'map'),
    kind: typeof fieldType !== 'string' ? 'unsupported' : isScalar ? 'scalar' : 'object',
    type: typeof fieldType === 'string' ? fieldType : JSON.parse(String(fieldType.params?.[0])),
    isList: array ?? false,
    isRequired: !optional,
    isId: has('id'),
    isUnique: has('unique'),
    relationFromFields: relationList(field, 'fields'),
    relationToFields: relationList(field, 'references'),
    nativeType: native ? [native.name, (native.args ?? []).map(({ value }) => String(value))] : null,
  };
}
