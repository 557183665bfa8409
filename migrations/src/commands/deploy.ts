import type { Command } from 'commander';
import { type RawSettings, settingsHelp } from '../deploy/settings.js';
import type { Service } from '../services/index.js';

interface Flags extends Record<string, string | boolean | undefined> {
  service?: string;
  prepare?: boolean;
  withData?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  const command = program
    .command('deploy')
    .description('Apply what is pending. Safe to kill, to repeat and to start many times at once.')
    .option('--service <name>', 'one service only; all of them otherwise')
    .option('--prepare', 'first make schemas and roles, with ADMIN_DATABASE_URL')
    .option('--with-data', 'run the data migrations that pending migrations require')
    .option('--json', 'print what was applied as JSON');
  for (const { flag, env, fallback, help } of Object.values(settingsHelp))
    command.option(`--${flag} <duration>`, `${help} (${env}; ${fallback} if neither is given)`);
  command.action(runDeploy);
}

async function runDeploy(flags: Flags): Promise<void> {
  const [{ deployAll, parseSettings }, { reportTo }, { chooseServices }, { migrationUrl }] =
    await Promise.all([
      import('../deploy/index.js'),
      import('../deploy/report.js'),
      import('./choose-services.js'),
      import('../settings/index.js'),
    ]);
  const services = chooseServices(flags.service);
  const results = await deployAll({
    services,
    urlOf: flags.prepare ? await prepare(services) : (service) => migrationUrl(service),
    settings: parseSettings(rawSettings(flags)),
    withData: flags.withData,
    onEvent: reportTo((line) => console.error(line)),
  });
  if (flags.json) console.log(JSON.stringify({ services: results }));
}

async function prepare(services: Service[]): Promise<(service: Service) => string> {
  const { prepareServices } = await import('../deploy/prepare.js');
  return prepareServices(services);
}

/** Commander names `--lock-timeout` lockTimeout; the settings are in milliseconds and say so. */
const rawSettings = (flags: Flags): RawSettings =>
  Object.fromEntries(
    Object.keys(settingsHelp).map((name) => [name, flags[name.replace(/Ms$/, '')] as string | undefined]),
  );
