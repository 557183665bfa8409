import { readFile } from 'node:fs/promises';
import { close, connect } from '../connection/index.js';
import { UserError } from '../errors/index.js';
import { type ServiceSchema, tableOf } from '../schema/names.js';
import { parseSchema } from '../schema/parse.js';
import { checkSchema, completeSchema, formatSchema, isValidSchema } from '../schema/validate.js';
import { findServices, type Service } from '../services/index.js';
import { migrationUrl } from '../settings/index.js';
import { findLinks, grantSql, type Link } from './links.js';
import { addStandIns } from './stand-in.js';

/** What another service has to allow, as a migration of its own. */
export interface Grant {
  service: Service;
  url: string;
  sql: string;
}

export interface Linked {
  /** The schema, with stand-ins for the models of other services that it refers to. */
  source: string;
  grants: Grant[];
  /** What was found and done, for a person. */
  explanation: string[];
}

/** Completes a schema that refers to a model of another service in the same database; refuses across databases. */
export async function linkServices(service: Service, url: string): Promise<Linked> {
  const written = await readFile(service.schemaFile, 'utf8');
  const source = completeSchema(service.schemaFile, written);
  const others = findServices(`${service.folder}/..`).filter(({ name }) => name !== service.name);
  const schemas = await Promise.all(
    others.map(async (other) => ({
      service: other,
      ...parseSchema(other.schemaFile, await readFile(other.schemaFile, 'utf8')),
    })),
  );
  const links = linksIn(source, written, service, schemas);
  if (links.length === 0) {
    // A fault is told where it stands in the file, not where the completed copy has it.
    if (!isValidSchema(source)) checkSchema(service.schemaFile, written);
    return { source, grants: [], explanation: [] };
  }
  const owners = [...new Set(links.map(({ owner }) => owner.service))];
  const grants = await Promise.all(
    owners.map((owner) =>
      grantOf(
        links.filter((link) => link.owner.service === owner),
        owner,
        service,
        url,
      ),
    ),
  );
  return {
    source: formatSchema(addStandIns(source, links, service)),
    grants: grants.filter((grant) => grant !== undefined),
    explanation: links.map(explain),
  };
}

/** What the parser does not understand is told by Prisma's validator, with its place. */
function linksIn(source: string, written: string, service: Service, others: ServiceSchema[]): Link[] {
  try {
    return findLinks(source, others);
  } catch (error) {
    checkSchema(service.schemaFile, written);
    throw error;
  }
}

const explain = ({ model, field, owner, target }: Link): string =>
  `${model.name}.${field.name}: ${target.name} belongs to ${owner.service.name}. A model with its key alone stands for it here; the foreign key couples the two services, their deploys and their data.`;

async function grantOf(
  links: Link[],
  owner: Service,
  service: Service,
  url: string,
): Promise<Grant | undefined> {
  const ownerUrl = migrationUrl(owner);
  const [first] = links;
  if (first && placeOf(ownerUrl) !== placeOf(url)) throw otherDatabase(first, service);
  const granted = await Promise.all(links.map((link) => isGranted(link, url)));
  return granted.every(Boolean)
    ? undefined
    : { service: owner, url: ownerUrl, sql: grantSql(links, service) };
}

/** The server's catalogue answers without the right to look into the other schema. */
async function isGranted({ owner, target }: Link, url: string): Promise<boolean> {
  const client = await connect({ url, applicationName: 'db create' });
  try {
    const { rows } = await client.query<{ granted: boolean }>(
      `SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'REFERENCES') AS granted
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2`,
      [owner.service.schema, tableOf(target)],
    );
    return rows[0]?.granted ?? false;
  } finally {
    await close(client);
  }
}

function placeOf(text: string): string {
  const { hostname, port, pathname } = new URL(text);
  return `${hostname}:${port || 5432}${pathname}`;
}

const otherDatabase = ({ field, owner, target }: Link, service: Service) =>
  new UserError(
    'OTHER_DATABASE',
    `${field.name} refers to ${target.name} of ${owner.service.name}, which has another database than ${service.name}: no foreign key can reach it.`,
    {
      hint: `Keep the id alone, without @relation, and let events of ${owner.service.name} tell when one is gone.`,
    },
  );
