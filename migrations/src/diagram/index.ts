import { join, relative } from 'node:path';
import { applyChanges, compareFolder, type FileChange } from '../schema/files.js';
import { mergedSchema } from '../schema/index.js';
import { findRoot } from '../services/index.js';
import { layOut } from './layout.js';
import { toMermaid } from './mermaid.js';
import { readDatabaseModel } from './model.js';
import { toSvg } from './svg.js';

export { type DatabaseModel, readDatabaseModel } from './model.js';

/** The pictures of a merged schema, by file name. */
export async function drawDiagram(source: string): Promise<Map<string, string>> {
  const model = readDatabaseModel(source);
  return new Map([
    ['database.mmd', toMermaid(model)],
    ['database.svg', toSvg(model, await layOut(model))],
  ]);
}

/** Brings docs/diagram/ into step with the services' schemas; answers what was stale. */
export async function writeDiagram({ root = findRoot(), check = false } = {}): Promise<FileChange[]> {
  const drawing = await drawDiagram(await mergedSchema(root));
  const changes = await compareFolder(join(root, 'docs/diagram'), drawing);
  if (!check) await applyChanges(changes);
  return changes.map((change) => ({ ...change, path: relative(root, change.path) }));
}
