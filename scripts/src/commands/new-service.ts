import { layout } from '../dev/layout.js';
import { createService } from '../new-service/index.js';
import { paint, runCommand, say, seconds } from '../terminal/index.js';
import { readFlags, readName } from './flags.js';

const help = `Usage: yarn new:service NAME

Writes a new service: its folder with one feature and its tests, schema and first migration, its contract, and its
entries in Compose, gateway, Swarm and Kubernetes. All of it, or nothing.

  NAME     one word of lower-case letters and digits, such as comments
  --help   show this text

Take it back before its first commit with yarn remove:service NAME.`;

await runCommand(async (signal) => {
  const { values, positionals } = readFlags('yarn new:service', {
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const name = readName('yarn new:service', positionals);
  const began = performance.now();
  const { plural, httpPort, grpcPort } = await createService(layout.root, name, { signal, say });
  say(
    `\n${paint('bold', `${name}/ is ready`)} (${seconds(began)}): /v1/${plural} on ${httpPort}, gRPC on ${grpcPort}.`,
  );
  say('Start it with ./dev.sh, also where the others run already; test it with ./dev.run.');
  say('What to change first:');
  say(`  ${name}/prisma/schema.prisma, then cd ${name} && yarn prisma:migrate:local`);
  say(`  ${name}/src/${plural}/`);
});
