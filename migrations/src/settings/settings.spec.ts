import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findServices, type Service } from '../services/index.js';
import { adminUrl, migrationUrl } from './index.js';

let root: string;
let auth: Service;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'settings-'));
  mkdirSync(join(root, 'auth/prisma'), { recursive: true });
  mkdirSync(join(root, '.data/env'), { recursive: true });
  writeFileSync(join(root, 'auth/prisma/schema.prisma'), '');
  auth = findServices(root)[0] as Service;
});
afterEach(() => rmSync(root, { recursive: true }));

const local = 'postgresql://auth_owner:auth_owner@127.0.0.1:5435/postgres?schema=auth_schema';
const writeEnv = (name: string, text: string) => writeFileSync(join(root, '.data/env', `${name}.env`), text);

describe('migrationUrl', () => {
  it('takes what ./dev.sh wrote when nothing is set', () => {
    writeEnv('auth', `DATABASE_URL="postgresql://auth_app@h/d"\nMIGRATION_DATABASE_URL="${local}"\n`);
    expect(migrationUrl(auth, {})).toBe(local);
  });

  it.each([
    ['AUTH_MIGRATION_DATABASE_URL', 'AUTH_DATABASE_URL'],
    ['AUTH_DATABASE_URL', 'MIGRATION_DATABASE_URL'],
    ['MIGRATION_DATABASE_URL', 'DATABASE_URL'],
  ])('prefers %s to %s', (first, second) => {
    writeEnv('auth', `MIGRATION_DATABASE_URL=${local}`);
    expect(migrationUrl(auth, { [first]: 'postgresql://one/d', [second]: 'postgresql://two/d' })).toContain(
      '//one/',
    );
  });

  it("names the service's schema when the URL does not", () => {
    expect(migrationUrl(auth, { DATABASE_URL: 'postgresql://u:p@h:1/d?sslmode=require' })).toBe(
      'postgresql://u:p@h:1/d?sslmode=require&schema=auth_schema',
    );
  });

  it("does not take another service's URL for its own", () => {
    writeEnv('auth', `MIGRATION_DATABASE_URL=${local}`);
    expect(migrationUrl(auth, { MIGRATION_DATABASE_URL: 'postgresql://h/d?schema=post_schema' })).toBe(local);
  });

  it('says how to get one', () => {
    expect(() => migrationUrl(auth, {})).toThrow('No database is known for the service auth');
  });

  it.each([
    'mysql://h/d',
    'not a url',
    'postgresql//x:secret@h',
    'postgresql://u:1/secret@h/d',
    'postgresql://u:1?secret@h/d',
    'postgresql://u:1#secret@h/d',
  ])('refuses %s without repeating it', (url) => {
    expect(() => migrationUrl(auth, { DATABASE_URL: url })).toThrow(
      'The database URL of auth is not a postgresql:// URL.',
    );
  });
});

describe('adminUrl', () => {
  it('is the one set, or the one ./dev.sh wrote', () => {
    writeEnv('admin', 'DATABASE_URL=postgresql://admin:admin@127.0.0.1:5435/postgres');
    expect(adminUrl(root, {})).toBe('postgresql://admin:admin@127.0.0.1:5435/postgres');
    expect(adminUrl(root, { ADMIN_DATABASE_URL: 'postgresql://other/d' })).toBe('postgresql://other/d');
  });
});
