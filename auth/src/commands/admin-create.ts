import { AdministratorsService } from '../administration/administrators.service.js';
import { runCommand } from './run-command.js';

const [email] = process.argv.slice(2);

if (!email || email.startsWith('-')) {
  console.error(
    'usage: yarn workspace @bw/auth admin:create EMAIL\nMakes an administrator, of an existing user or a new one, and prints a link to choose a password.',
  );
  process.exitCode = email === '--help' ? 0 : 1;
} else {
  await runCommand(async (app) => {
    const { link } = await app.get(AdministratorsService).create(email);
    console.error(`${email} is an administrator. Within 30 minutes, choose a password at:`);
    console.log(link);
  });
}
