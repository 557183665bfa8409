import { resolve } from 'node:path';
import { UserError } from '@bw/migrations/errors';
import { findServices } from '@bw/migrations/services';
import { prepareDatabases } from './production-database.js';

const root = resolve(import.meta.dirname, '../../..');

try {
  await prepareDatabases(resolve(root, 'secrets'), findServices(root));
} catch (error) {
  const isKnown = error instanceof UserError;
  console.error(isKnown ? [error.message, error.hint].filter(Boolean).join('\n') : error);
  process.exitCode = 1;
}
