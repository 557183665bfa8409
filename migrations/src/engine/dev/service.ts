import { dirname, resolve } from 'node:path';
import { findServices, type Service } from '../../services/index.js';
import type { EngineContext } from '../context.js';

/** The service whose own schema it is; undefined in the centralized folder, and outside of the repository. */
export function serviceOf({ settings: { schemaFiles } }: EngineContext): Service | undefined {
  const [[path] = []] = schemaFiles;
  if (!path) return undefined;
  const file = resolve(path);
  return findServices(dirname(resolve(file, '../..'))).find(({ schemaFile }) => schemaFile === file);
}
