import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';

/** The part of JSON Schema that our documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Values that a schema describes, with one property in ten something else. */
export function valuesOf(schema: Schema, document: OpenAPIObject): fc.Arbitrary<unknown> {
  const { $ref, enum: words, items, properties } = schema;
  if ($ref) return valuesOf(resolve($ref, document), document);
  if (words) return fc.constantFrom(...words);
  if (properties) return objectsOf(schema, properties, document);
  const [type] = [schema.type ?? []].flat();
  if (type === 'array') return fc.array(items ? valuesOf(items, document) : fc.jsonValue(), { maxLength: 5 });
  return scalarsOf(type, schema);
}

function objectsOf(
  { required = [] }: Schema,
  properties: Readonly<Record<string, Schema>>,
  document: OpenAPIObject,
): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const usual = { weight: 9, arbitrary: valuesOf(schema, document) };
    return [name, fc.oneof(usual, { weight: 1, arbitrary: fc.jsonValue() })] as const;
  });
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

function scalarsOf(type: string | undefined, { format, minimum, maximum }: Schema): fc.Arbitrary<unknown> {
  if (type === 'integer' || type === 'number') {
    return fc.integer({
      ...(minimum !== undefined && { min: minimum }),
      ...(maximum !== undefined && { max: maximum }),
    });
  }
  if (type === 'boolean') return fc.boolean();
  if (type !== 'string') return fc.jsonValue();
  return (format && formats[format]?.()) || fc.string({ unit: 'grapheme' });
}

const formats: Readonly<Record<string, () => fc.Arbitrary<string>>> = {
  email: () => fc.emailAddress(),
  uuid: () => fc.uuid(),
  uri: () => fc.webUrl(),
  password: () => fc.string({ minLength: 15, maxLength: 40 }),
  'date-time': () => fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
};

function resolve(reference: string, document: OpenAPIObject): Schema {
  const schema = document.components?.schemas?.[reference.split('/').at(-1) ?? ''];
  if (!schema) throw new Error(`${reference} is not in the document.`);
  return schema as Schema;
}
