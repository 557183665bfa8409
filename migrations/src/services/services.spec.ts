import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findRoot, findService, findServices } from './index.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'services-'));
  writeFileSync(join(root, 'package.json'), '{ "workspaces": ["*"] }');
});
afterEach(() => rmSync(root, { recursive: true }));

function addFolder(name: string, file = 'prisma/schema.prisma') {
  mkdirSync(join(root, name, file, '..'), { recursive: true });
  writeFileSync(join(root, name, file), '');
}

describe('findServices', () => {
  it('finds every folder with a schema, by name, and gives it its names', () => {
    for (const name of ['post', 'auth', 'migrations']) addFolder(name);
    addFolder('scripts', 'package.json');
    expect(findServices(root).map(({ name }) => name)).toEqual(['auth', 'post']);
    expect(findServices(root)[0]).toEqual({
      name: 'auth',
      folder: join(root, 'auth'),
      schema: 'auth_schema',
      ownerRole: 'auth_owner',
      appRole: 'auth_app',
      schemaFile: join(root, 'auth/prisma/schema.prisma'),
      migrationsFolder: join(root, 'auth/prisma/migrations'),
    });
  });

  it.each(['user-service', 'Auth', '2fa', 'pg_auth', 'a'.repeat(49)])('refuses the name %s', (name) => {
    addFolder(name);
    expect(() => findServices(root)).toThrow(`"${name}" cannot name a service`);
  });
});

describe('findService', () => {
  it('lists the services there are when asked for another', () => {
    addFolder('auth');
    addFolder('post');
    expect(() => findService('blog', root)).toThrow('Services found: auth, post.');
  });
});

describe('findRoot', () => {
  it('is the nearest folder above that declares workspaces', () => {
    addFolder('auth');
    writeFileSync(join(root, 'auth/package.json'), '{}');
    expect(findRoot(join(root, 'auth/prisma'))).toBe(root);
  });

  it('says so outside a repository', () => {
    writeFileSync(join(root, 'package.json'), '{}');
    expect(() => findRoot(root)).toThrow(`${root} is not inside a repository of services.`);
  });
});
