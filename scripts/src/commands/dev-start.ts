import { UserError } from '@bw/migrations/errors';
import { startContainers } from '../dev/containers.js';
import { layout } from '../dev/layout.js';
import { startEnvironment } from '../dev/start.js';
import { chooseWay, type Way } from '../dev/way.js';
import { paint, runCommand, say, seconds } from '../terminal/index.js';
import { readFlags } from './flags.js';

await runCommand(async (signal) => {
  const began = performance.now();
  const { values } = readFlags('./dev.sh', {
    options: { embedded: { type: 'boolean' }, docker: { type: 'boolean' } },
  });
  const way = await chooseWay(layout, askedWay(values));
  const start = way === 'docker' ? startContainers : startEnvironment;
  const { settings, isNew } = await start(layout, signal);
  say(isNew ? `\n${paint('bold', 'Ready')} in ${seconds(began)}.` : 'Already running; nothing was changed.');
  for (const { name, httpPort } of settings.services) {
    say(`  ${name.padEnd(10)} http://127.0.0.1:${httpPort}  (API: http://127.0.0.1:${httpPort}/docs)`);
  }
  say(`  ${'postgres'.padEnd(10)} 127.0.0.1:${settings.postgresPort}`);
  say(`  ${'logs'.padEnd(10)} ${way === 'docker' ? 'docker logs bw-auth-service' : layout.logs}`);
  say('Stop with ./dev-stop.sh, test with ./dev.run.');
});

function askedWay(flags: { embedded?: boolean; docker?: boolean }): Way | undefined {
  if (flags.docker && flags.embedded)
    throw new UserError('BAD_FLAG', '--docker and --embedded exclude each other.');
  if (flags.docker) return 'docker';
  return flags.embedded ? 'embedded' : undefined;
}
