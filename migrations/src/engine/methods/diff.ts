import type { EngineContext } from '../context.js';
import { container, datasourceOnly } from '../targets.js';
import type { Input, Method } from './method.js';

type Target = Input<'diff'>['from'];

/** Compares any two of: schema files, a folder of migrations, the database, nothing. */
export const diff: Method<'diff'> = async (context, input) => {
  const { from, to } = input;
  const isOffline = [from, to].every(({ tag }) => tag === 'empty' || tag === 'schemaDatamodel');
  const engine = isOffline ? await context.offline() : await context.engine();
  const namesSchemas = [from, to].some(({ tag }) => tag === 'schemaDatamodel' || tag === 'schemaDatasource');
  if (namesSchemas) return engine.diff(input);
  return engine.diff({ ...input, from: withSchemas(context, from), to: withSchemas(context, to) });
};

/** The engine looks into the schemas that a side of the comparison names. Nothing, in a schema by name, names it. */
function withSchemas({ settings }: EngineContext, target: Target): Target {
  if (target.tag !== 'empty') return target;
  return { tag: 'schemaDatamodel', ...container([datasourceOnly(settings.historySchema)]) };
}
