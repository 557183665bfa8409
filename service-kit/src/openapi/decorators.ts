import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { PagePosition } from '../paging/index.js';

/** A header by its name and what it says. */
type HeaderTexts = Readonly<Record<string, string>>;

/** What a handler answers when all goes well: sets the status and documents it. Without a type there is no body. */
export const Answers = (status: number, type: Type | undefined, summary: string, headers?: HeaderTexts) =>
  applyDecorators(
    HttpCode(status),
    ApiOperation({ summary }),
    ApiResponse({
      status,
      description: summary,
      ...(type && { type }),
      ...(headers && { headers: describe(headers) }),
    }),
  );

/** For a parameter decorator that reads a header: documents it on every handler that uses the decorator. */
export const ReadsHeader =
  (name: string, description: string): ParameterDecorator =>
  (controller, method) => {
    const handler = method && Object.getOwnPropertyDescriptor(controller, method);
    if (handler) ApiHeader({ name, description, required: false })(controller, method, handler);
  };

/** The same for one page of a list. */
export const AnswersPage = (type: Type, summary: string) =>
  applyDecorators(
    HttpCode(200),
    ApiOperation({ summary }),
    ApiExtraModels(type, PagePosition),
    ApiResponse({
      status: 200,
      description: summary,
      schema: {
        type: 'object',
        required: ['data', 'page'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(type) } },
          page: { $ref: getSchemaPath(PagePosition) },
        },
      },
    }),
  );

const describe = (headers: HeaderTexts) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' as const } },
    ]),
  );
