// Loaded into a process before everything else: kills it at the DIE_AT-th time it is about to change a file or to say
// something to a server. Undisturbed it ends with the list of these times on stderr.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

const deadline = Number(process.env.DIE_AT);
const effects = [];

function begin(kind) {
  if (effects.push(kind) === deadline) process.kill(process.pid, 'SIGKILL');
}

for (const name of ['mkdir', 'rename', 'rm', 'writeFile']) {
  const change = fs[name];
  fs[name] = (...args) => {
    begin('file');
    return change(...args);
  };
}
syncBuiltinESMExports();

const { write } = Socket.prototype;
Socket.prototype.write = function (...args) {
  if (this.remotePort) begin('server');
  return write.apply(this, args);
};

process.on('exit', () => console.error(`effects: ${effects.join(' ')}`));
