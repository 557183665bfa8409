import type { Engine } from '../engine/index.js';
import {
  assertAllPossible,
  assertAllUsed,
  type Comparison,
  decideBy,
  disentangle,
  earlierMapping,
  joinStatements,
  type Rename,
  readMapping,
  readShape,
  renameStatements,
  sequenceStatements,
  settleRenames,
  type Told,
} from '../renames/index.js';
import { assertNamesKept } from './neighbours.js';
import { assertNamesPossible } from './possible-names.js';
import { asEmpty, asMigrations, asSchema, diff, type Workspace } from './workspace.js';

export interface Change {
  renames: Rename[];
  /** The statements that carry the renames out. */
  renameSql: string[];
  /** What is left to do after them, as Prisma writes it. */
  sql: string;
  /** The statements that would make the database as it is then. */
  before: string;
  /** The statements that would make what the schema says. */
  after: string;
}

export const isEmpty = ({ renames, sql }: Change): boolean => renames.length === 0 && sql.trim() === '';

/**
 * What has to happen to the database for it to be what the schema says. The renames are applied to the replayed
 * history before Prisma compares, so that it sees no dropped column, and renames by itself whatever is named after one.
 */
export async function findChange(engine: Engine, workspace: Workspace, told: Told): Promise<Change> {
  const { service, schema, history } = workspace;
  const current = readMapping(schema, service.schema).filter(
    ({ target }) => target.schema === service.schema,
  );
  assertNamesPossible(current);
  const made = (target: ReturnType<typeof asMigrations>) =>
    diff(engine, workspace, asEmpty(workspace), target);
  const before = await made(asMigrations(workspace));
  const after = await made(asSchema(workspace));
  const shape = await readShape(before);
  const comparison: Comparison = {
    before: shape,
    after: await readShape(after),
    earlier: await earlierMapping(service, history),
    current,
  };
  await assertAllPossible(told.renames, comparison);
  const renames = await settleRenames(comparison, decideBy(told));
  assertAllUsed(told.renames, renames);
  await assertNamesKept(renames, workspace);
  const renameSql = [
    ...renameStatements(renames),
    ...sequenceStatements(renames, shape),
    ...joinStatements(renames, shape),
  ];
  const renamed = asMigrations(workspace, [{ name: '99999999999999_renames', sql: renameSql.join('\n') }]);
  const from = renames.length > 0 ? renamed : asMigrations(workspace);
  return {
    renames,
    renameSql,
    sql: await disentangle(await diff(engine, workspace, from, asSchema(workspace))),
    before: renames.length > 0 ? await made(renamed) : before,
    after,
  };
}
