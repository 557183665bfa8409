import { layout } from '../dev/layout.js';
import { findRemovable, removeService } from '../new-service/index.js';
import { runCommand, say } from '../terminal/index.js';
import { confirm } from './confirm.js';
import { readFlags, readName } from './flags.js';

const help = `Usage: yarn remove:service NAME [--drop-data] [--yes]

Takes a service out again that yarn new:service has written and that is not committed yet: its folder, its contract,
its entries in Compose, gateway, Swarm and Kubernetes, and its schema and roles in the development database. Where Git
has taken the service back, or the branch at hand does not have it: what it has left, which is files that Git ignores,
and schema and roles.

  --drop-data   also when the development database has rows of it
  --yes         do not ask
  --help        show this text`;

await runCommand(async (signal) => {
  const { values, positionals } = readFlags('yarn remove:service', {
    options: {
      'drop-data': { type: 'boolean' },
      yes: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const name = readName('yarn remove:service', positionals);
  const dropData = values['drop-data'] ?? false;
  await findRemovable(layout.root, name, dropData);
  if (!values.yes) await confirm(`Delete ${name}/ and all that belongs to it?`, signal);
  say(`Removing ${name} …`);
  await removeService(layout.root, name, { signal, say, dropData });
  say(`${name} is gone.`);
});
