import { resolve } from 'node:path';
import { findServices } from '@bw/migrations/services';
import { makeSecrets } from './production-secrets.js';

const root = resolve(import.meta.dirname, '../../..');

makeSecrets(resolve(root, 'secrets'), findServices(root), 'postgres:5432/postgres');
