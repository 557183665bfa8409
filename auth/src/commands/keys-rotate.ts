import { SigningKeysService } from '../keys/signing-keys.service.js';
import { runCommand } from './run-command.js';

await runCommand(async (app) => {
  const id = await app.get(SigningKeysService).rotate();
  console.error('A new key is published now and signs once every service has had time to fetch it.');
  console.log(id);
});
