import { UserError } from '../errors/index.js';
import {
  type Mapped,
  type Name,
  quote,
  quoted,
  type Rename,
  readMapping,
  readReferenced,
  sameName,
} from '../renames/index.js';
import { findReal, isOwn, readSchema, type ServiceSchema, schemaOf, tableOf } from '../schema/index.js';
import { findServices } from '../services/index.js';
import type { Workspace } from './workspace.js';

/** What the schema and the history of the service name in others must be known here, or they cannot be replayed. */
export async function assertNeighboursKnown(workspace: Workspace): Promise<void> {
  const { service, schema } = workspace;
  const own = { ...schema, service };
  const others = await readOthers(workspace);
  const standIns = schema.declarations.filter((each) => !isOwn(own, each));
  for (const each of standIns) findReal(others, own, each);
  const declared = standIns.map((each) => ({ schema: schemaOf(each) ?? '', name: tableOf(each) }));
  for (const name of await namedInHistory(workspace, others))
    if (!declared.some((each) => sameName(each, name))) throw forgotten(name, workspace);
}

/** Others name tables and keys of this service in their histories, which are replayed again and again: these names stay. */
export async function assertNamesKept(renames: Rename[], workspace: Workspace): Promise<void> {
  const { schema } = workspace.service;
  for (const other of await readOthers(workspace)) {
    const standIns = readMapping(other, other.service.schema).filter(
      ({ target }) => target.schema === schema,
    );
    const named = renames.find((rename) => standIns.some((each) => names(each, rename)));
    if (named) throw kept(named, other);
  }
}

const names = ({ target, members }: Mapped, rename: Rename): boolean =>
  'of' in rename
    ? sameName(target, rename.of) && [...members.values()].includes(rename.from)
    : sameName(target, rename.from);

const readOthers = ({ root, service }: Workspace): Promise<ServiceSchema[]> =>
  Promise.all(
    findServices(root)
      .filter(({ name }) => name !== service.name)
      .map((other) => readSchema(root, other)),
  );

/** The tables of other services to which the history has ever made a foreign key. */
async function namedInHistory({ history }: Workspace, others: ServiceSchema[]): Promise<Name[]> {
  const schemas = others.map(({ service }) => service.schema);
  const scripts = history.map(({ sql }) => sql).filter((sql) => schemas.some((name) => sql.includes(name)));
  const references = await Promise.all(scripts.map(readReferenced));
  return references.flat().filter(({ schema }) => schemas.includes(schema));
}

const forgotten = ({ schema, name }: Name, { service }: Workspace) =>
  new UserError(
    'STAND_IN_MISSING',
    `The history of ${service.name} has a foreign key to "${schema}"."${name}", and ${service.schemaFile} has no model that stands for that table.`,
    {
      hint: `Put the model back, at least its key, @@map("${name}") and @@schema("${schema}"), and "${schema}" into the datasource's schemas. It stays also when nothing refers to it any more: the history is replayed with it.`,
    },
  );

const kept = (rename: Rename, { service }: ServiceSchema) => {
  const what = 'of' in rename ? `${quoted(rename.of)}.${quote(rename.from)}` : quoted(rename.from);
  return new UserError(
    'NAMED_ELSEWHERE',
    `${what} cannot have another name: the schema and the history of ${service.name} refer to it.`,
    { hint: 'Rename the model or the field alone, and keep the name in the database by @@map or @map.' },
  );
};
