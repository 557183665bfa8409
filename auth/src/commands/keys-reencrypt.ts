import { EncryptionService } from '../encryption/encryption.service.js';
import { runCommand } from './run-command.js';

await runCommand(async (app) => {
  const count = await app.get(EncryptionService).renew();
  console.error('Everything is encrypted with the first of ENCRYPTION_KEYS; the others can be taken out.');
  console.log(count);
});
