import type { Field as ParsedField } from '@mrleebo/prisma-ast';
import prisma from '@prisma/prisma-schema-wasm';
import { attributeText, parseUnchecked } from '../schema/index.js';

export interface Field {
  name: string;
  dbName?: string;
  kind: 'scalar' | 'enum' | 'object' | 'unsupported';
  type: string;
  isList: boolean;
  isRequired: boolean;
  isId: boolean;
  isUnique: boolean;
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

/** The models of a schema as Prisma itself reads them, with the columns of types that Prisma has no name for. */
export function readModels(source: string): Model[] {
  const { datamodel } = JSON.parse(
    prisma.get_dmmf(JSON.stringify({ prismaSchema: [['schema.prisma', source]], noColor: true })),
  ) as { datamodel: { models: Model[] } };
  if (!source.includes('Unsupported(')) return datamodel.models;
  const complete = fieldsByModel(source);
  return datamodel.models.map((model) => ({ ...model, fields: complete(model) }));
}

/** In the order of the source; Prisma's datamodel leaves out what its clients cannot read. */
function fieldsByModel(source: string): (model: Model) => Field[] {
  const nodes = new Map(parseUnchecked(source).declarations.map(({ name, node }) => [name, node]));
  return (model) => {
    const node = nodes.get(model.name);
    if (node?.type !== 'model') return model.fields;
    return node.properties.flatMap((property) => {
      if (property.type !== 'field') return [];
      return model.fields.find(({ name }) => name === property.name) ?? unsupported(property) ?? [];
    });
  };
}

function unsupported({ name, fieldType, array, optional, attributes }: ParsedField): Field | undefined {
  if (typeof fieldType === 'string' || fieldType.name !== 'Unsupported') return undefined;
  return {
    name,
    dbName: attributeText(attributes ?? [], 'map'),
    kind: 'unsupported',
    type: JSON.parse(String(fieldType.params?.[0])),
    isList: array ?? false,
    isRequired: !optional,
    isId: false,
    isUnique: false,
  };
}
