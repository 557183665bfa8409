import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { type Schema, valuesOf } from './schema-values.js';

export interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; schema: Schema }[];
  readonly body: Schema | undefined;
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: Schema }> }>>;
}

export interface ContractRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
}

interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** Holds a service to its OpenAPI document: requests that it describes or nearly so, and faults of the answers. For tests. */
export class Contract {
  readonly operations: readonly Operation[];
  private readonly ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  private readonly validators = new Map<Schema, ValidateFunction>();

  constructor(private readonly document: OpenAPIObject) {
    // What is not documented must not be answered either.
    const closed = JSON.parse(JSON.stringify(document), (_key, value) => close(value));
    this.ajv.addSchema(closed, 'document');
    this.operations = operationsOf(closed);
  }

  /** `known` are ids worth asking for. */
  requests(
    { method, path, parameters, body }: Operation,
    known: readonly string[],
  ): fc.Arbitrary<ContractRequest> {
    const of = (schema: Schema) => valuesOf(schema, this.document);
    const id = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, fc.string({ minLength: 1 }));
    const query = parameters.filter((parameter) => parameter.in === 'query');
    const fields = query.map(({ name, schema }) => [name, fc.oneof(of(schema), fc.string())] as const);
    return fc
      .record({
        id,
        query: fc.record(Object.fromEntries(fields), { requiredKeys: [] }),
        body: body ? fc.oneof({ weight: 3, arbitrary: of(body) }, fc.jsonValue()) : fc.constant(undefined),
      })
      .map((made) => {
        const search = new URLSearchParams(
          Object.entries(made.query).map(([key, value]) => [key, `${value}`] as [string, string]),
        );
        return {
          method,
          path: `${path.replace(/\{\w+\}/g, encodeURIComponent(made.id))}?${search}`,
          ...(made.body !== undefined && { body: made.body }),
        };
      });
  }

  /** In what an answer differs from the document; nothing when it does not. */
  faultsOf({ responses }: Operation, { status, contentType, text }: Answer): string[] {
    if (status >= 500) return [`status ${status}`];
    const response = responses[status] ?? (status >= 400 ? responses.default : undefined);
    if (!response) return [`status ${status} is not documented`];
    const [documented] = Object.entries(response.content ?? {});
    if (!documented) return text === '' ? [] : ['there is a body, and none is documented'];
    const [type, { schema }] = documented;
    if (!contentType?.startsWith(type)) return [`content-type is ${contentType}, not ${type}`];
    const validate = this.validatorOf(schema);
    return validate(JSON.parse(text))
      ? []
      : (validate.errors ?? []).map((error) => this.ajv.errorsText([error]));
  }

  private validatorOf(schema: Schema): ValidateFunction {
    const known = this.validators.get(schema);
    if (known) return known;
    // References inside the document are relative to it.
    const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
    const compiled = this.ajv.compile(JSON.parse(text));
    this.validators.set(schema, compiled);
    return compiled;
  }
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

function operationsOf(document: { paths: Record<string, Record<string, RawOperation>> }): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, { parameters = [], requestBody, responses }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters,
        body: Object.values(requestBody?.content ?? {})[0]?.schema,
        responses,
      })),
  );
}

interface RawOperation {
  readonly parameters?: Operation['parameters'];
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
  readonly responses: Operation['responses'];
}

function close(value: unknown): unknown {
  const isOpen =
    typeof value === 'object' &&
    value !== null &&
    'properties' in value &&
    !('additionalProperties' in value);
  return isOpen && 'type' in value ? { ...value, additionalProperties: false } : value;
}
