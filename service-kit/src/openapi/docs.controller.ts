import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../security/access.decorators.js';

/** Injection token of the folder that holds the service's `openapi.json`. */
export const SERVICE_FOLDER = Symbol('service folder');

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>`;

const start =
  "SwaggerUIBundle({ url: new URL('docs/openapi.json', document.baseURI).href, dom_id: '#api' });";

/** Shows the committed document. It is not made at run time: a test checks that it says what the code does. */
@Controller('docs')
@Public()
@ApiExcludeController()
export class DocsController {
  constructor(@Inject(SERVICE_FOLDER) private readonly folder: string) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header(
    'content-security-policy',
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
  )
  show(): string {
    return page;
  }

  @Get('openapi.json')
  @Header('content-type', 'application/json')
  document(): Promise<string> {
    return readFile(join(this.folder, 'openapi.json'), 'utf8');
  }

  @Get('swagger-ui.css')
  @Header('content-type', 'text/css')
  style(): Promise<string> {
    return readAsset('swagger-ui.css');
  }

  @Get('swagger-ui-bundle.js')
  @Header('content-type', 'text/javascript')
  script(): Promise<string> {
    return readAsset('swagger-ui-bundle.js');
  }

  @Get('start.js')
  @Header('content-type', 'text/javascript')
  start(): string {
    return start;
  }
}

function readAsset(name: string): Promise<string> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return readFile(join(folder, name), 'utf8');
}
