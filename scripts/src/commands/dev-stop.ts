import { hasComposeFile } from '../dev/compose.js';
import { stopContainers } from '../dev/containers.js';
import { layout } from '../dev/layout.js';
import { removeEnvironment, stopEnvironment } from '../dev/stop.js';
import { runCommand, say } from '../terminal/index.js';
import { confirm } from './confirm.js';
import { readFlags } from './flags.js';

await runCommand(async (signal) => {
  const { values } = readFlags('./dev-stop.sh', {
    options: { volumes: { type: 'boolean', short: 'v' }, yes: { type: 'boolean' } },
  });
  if (values.volumes && !values.yes)
    await confirm('Throw away the development database, its settings, logs and mails?', signal);
  const containers = hasComposeFile(layout)
    ? await stopContainers(layout, { volumes: values.volumes ?? false })
    : [];
  const stopped = [...containers, ...(await stopEnvironment(layout, signal))];
  say(stopped.length > 0 ? `Stopped: ${stopped.join(', ')}.` : 'Nothing was running.');
  if (!values.volumes) return;
  await removeEnvironment(layout);
  say('The development data is gone.');
});
