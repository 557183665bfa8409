import type { Workspace } from '../create/workspace.js';
import { readSteps } from '../deploy/script.js';
import { type Connection, withScratch } from '../engine/index.js';
import { UserError } from '../errors/index.js';
import { quote, readMigrations } from '../history/index.js';
import { changesOf, compareObjects, type Difference, isSameObject } from './compare.js';
import { type DatabaseObject, readObjects } from './objects.js';

/** What differs of that which Prisma does not compare, or why nothing could be told of it. */
export type Compared =
  | { differences: Difference[]; reason?: undefined }
  | { differences: []; reason: string };

/** Compares the database with one in which the whole history has run. */
export async function compareWithHistory(workspace: Workspace, url: string): Promise<Compared> {
  const { schema } = workspace.service;
  try {
    return await withScratch(url, schema, async ({ database, scratch }) => {
      await replayHistory(workspace, scratch);
      const [found, expected] = await Promise.all([
        readObjects(database, schema),
        readObjects(scratch, schema),
      ]);
      const spelled = await respell(found, expected, { scratch, schema });
      return { differences: compareObjects(spelled, expected) };
    });
  } catch (error) {
    if (error instanceof UserError) return { differences: [], reason: reasonOf(error) };
    throw error;
  }
}

async function replayHistory({ service, prelude }: Workspace, scratch: Connection): Promise<void> {
  await scratch.run(`CREATE SCHEMA ${quote(service.schema)};\n${prelude}`);
  for (const migration of await readMigrations(service.migrationsFolder)) {
    try {
      for (const { statements } of await readSteps(migration))
        await scratch.run(statements.map(({ text }) => text).join(';\n'));
    } catch (cause) {
      const { message } = cause as Error;
      throw new UserError('NOT_REPLAYED', `${migration.name} does not run in an empty database: ${message}`, {
        cause,
      });
    }
  }
}

interface Place {
  scratch: Connection;
  schema: string;
}

/** After a dump and its restoration PostgreSQL writes some expressions in other words, which say the same. */
async function respell(
  found: DatabaseObject[],
  expected: DatabaseObject[],
  place: Place,
): Promise<DatabaseObject[]> {
  const same = new Map<DatabaseObject, DatabaseObject>();
  for (const { from, to } of changesOf(found, expected)) {
    const texts = [await remake(from, place), await remake(to, place)];
    if (texts[0] !== undefined && texts[0] === texts[1]) same.set(from, to);
  }
  return found.map((each) => same.get(each) ?? each);
}

/** How PostgreSQL writes what it is made from its own text; undefined where it cannot be made on its own. */
async function remake(object: DatabaseObject, { scratch, schema }: Place): Promise<string | undefined> {
  if (object.unmake === undefined || object.make === undefined) return undefined;
  try {
    await scratch.run(`${object.unmake};\n${object.make}`);
  } catch {
    return undefined;
  }
  const objects = await readObjects(scratch, schema);
  return objects.find((each) => isSameObject(each, object))?.definition;
}

/** The engine speaks of shadow databases, in several lines; PostgreSQL's own words are its cause. */
const reasonOf = ({ code, message, cause }: UserError): string =>
  code === 'P3014' && cause instanceof Error ? cause.message : message;
