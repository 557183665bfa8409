import { resolve } from 'node:path';
import { explainQuery } from '../connection/index.js';
import { orderRuns } from '../deploy/order.js';
import { type Survey, survey } from '../deploy/service.js';
import { closeSession, openSession, type Session } from '../deploy/session.js';
import { parseSettings } from '../deploy/settings.js';
import { readMigrations } from '../history/index.js';
import { type Finding, lintServices } from '../lint/index.js';
import { Catalog } from '../locks/index.js';
import type { Service } from '../services/index.js';
import { type PlannedStatement, planStatements, sizesIn } from './statements.js';

export type { PlannedLock, PlannedStatement } from './statements.js';

export interface PlannedMigration {
  service: string;
  migration: string;
  file: string;
  statements: PlannedStatement[];
  /** What `db lint` says of it. */
  findings: Finding[];
}

export interface PlanOptions {
  services: Service[];
  /** The owner role's URL of each service. */
  urlOf: (service: Service) => string;
}

/** What a deploy would run, in its order, with what each statement locks and how large that is. Reads only. */
export async function planDeploy({ services, urlOf }: PlanOptions): Promise<PlannedMigration[]> {
  const settings = parseSettings();
  const sessions: Session[] = [];
  try {
    for (const service of services)
      sessions.push(await openSession({ service, url: urlOf(service), settings }));
    const surveys = await Promise.all(sessions.map(survey));
    const planned = new Map<Session, PlannedMigration[]>();
    for (const each of surveys) planned.set(each.session, await planService(each));
    return (await orderRuns(surveys)).flatMap(({ survey: { session }, through }) => {
      const rest = planned.get(session) ?? [];
      return rest.splice(0, rest.filter(({ migration }) => migration <= through).length);
    });
  } finally {
    await Promise.all(sessions.map(closeSession));
  }
}

/** The applied migrations are read too: they tell what exists when the first pending one begins. */
async function planService({ session, state: { pending } }: Survey): Promise<PlannedMigration[]> {
  if (pending.length === 0) return [];
  const { service, client, url } = session;
  const isPending = new Set(pending.map(({ name }) => name));
  const catalog = new Catalog(service.schema);
  const sizes = sizesIn(client);
  const planned: PlannedMigration[] = [];
  for (const migration of await readMigrations(service.migrationsFolder)) {
    catalog.beginMigration();
    const statements = await planStatements(sizes, migration, catalog).catch((error: unknown) => {
      throw explainQuery(error, url);
    });
    const { name, file } = migration;
    if (isPending.has(name))
      planned.push({ service: service.name, migration: name, file, statements, findings: [] });
  }
  for (const finding of await lintServices({ services: [service], files: planned.map(({ file }) => file) }))
    planned.find(({ file }) => file === resolve(finding.file))?.findings.push(finding);
  return planned;
}
