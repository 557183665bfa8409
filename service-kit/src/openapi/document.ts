import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, getSchemaPath, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { problemContentType } from '../errors/index.js';
import { Problem } from './problem.dto.js';
import { listRoutes } from './routes.js';

/** The OpenAPI 3.1 document of a service, made from its controllers and DTO classes. */
export function openApiDocument(
  app: INestApplication,
  info: { title: string; version: string },
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(info.title)
    .setVersion(info.version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'accessToken')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [Problem],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  for (const { method, path, rule } of listRoutes(app)) {
    const operation = operationAt(document, path.replace(/:(\w+)/g, '{$1}'), method.toLowerCase());
    if (!operation) continue;
    if (rule !== 'public') operation.security = [{ accessToken: [] }];
    operation.responses.default = {
      description: 'Any error',
      content: { [problemContentType]: { schema: { $ref: getSchemaPath(Problem) } } },
    };
  }
  return document;
}

function operationAt({ paths }: OpenAPIObject, path: string, method: string) {
  const item = paths[path];
  return Object.entries(item ?? {}).find(([key]) => key === method)?.[1] as
    | NonNullable<OpenAPIObject['paths'][string]['get']>
    | undefined;
}
