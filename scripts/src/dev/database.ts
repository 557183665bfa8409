import { type DeployEvent, deployAll } from '@bw/migrations/deploy';
import { initializeDatabase } from '@bw/migrations/initialize';
import type { Service } from '@bw/migrations/services';
import type { Server } from '../postgres/index.js';
import { paint, say, seconds } from '../terminal/index.js';
import { databaseUrl } from './environment.js';
import type { DevSettings } from './settings.js';

/** Schemas, roles and every service's migrations. */
export async function prepareDatabase(
  settings: DevSettings,
  server: Server,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const { services } = settings;
  const roles = services.flatMap((service) => [service.ownerRole, service.appRole]);
  const passwords = Object.fromEntries(roles.map((role) => [role, role]));
  await initializeDatabase({ adminUrl: server.adminUrl, passwords, createDb: true, services });
  const applied = await deploy({ ...settings, postgresPort: server.port }, signal);
  if (applied === 0) say(`${paint('green', '✓')} Migrations are up to date (${seconds(began)})`);
}

/** Applies what every service's database lacks, of what runs too, and answers how many migrations that were. */
export async function deploy({ services, postgresPort }: DevSettings, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  const urlOf = ({ ownerRole, schema }: Service) => databaseUrl(postgresPort, ownerRole, schema);
  const results = await deployAll({ services, urlOf, withData: true, onEvent: tellChanges, signal });
  const applied = results.reduce((sum, result) => sum + result.applied.length, 0);
  if (applied > 0) say(`${paint('green', '✓')} Migrations applied: ${applied} (${seconds(began)})`);
  return applied;
}

function tellChanges(event: DeployEvent): void {
  if (event.type !== 'changed-data') return;
  say(`${paint('green', '✓')} Data migration ${event.dataMigration}: ${event.rows} rows changed`);
}
