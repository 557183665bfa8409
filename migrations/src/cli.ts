import './navigator/index.js';
import { Command } from 'commander';
import { UserError } from './errors/index.js';

type Load = () => Promise<{ register: (program: Command) => void }>;

const backup: Load = () => import('./commands/backup.js');

// Only the command that was asked for is loaded, or all of them for their help: no command pays for another.
const commands: Record<string, Load> = {
  backup,
  restore: backup,
  baseline: () => import('./commands/baseline.js'),
  data: () => import('./commands/data.js'),
  lint: () => import('./commands/lint.js'),
  plan: () => import('./commands/plan.js'),
  report: () => import('./commands/report.js'),
  status: () => import('./commands/status.js'),
  verify: () => import('./commands/verify.js'),
  create: () => import('./commands/create.js'),
  deploy: () => import('./commands/deploy.js'),
  diagram: () => import('./commands/diagram.js'),
  sync: () => import('./commands/sync.js'),
  completion: () => import('./commands/completion.js'),
};

const program = new Command('db')
  .description('Migrations of every service on one PostgreSQL.')
  .showHelpAfterError('Add --help for the commands and flags.');
const chosen = commands[process.argv[2] ?? ''];
for (const load of chosen ? [chosen] : new Set(Object.values(commands))) (await load()).register(program);

// A panic of Prisma's engine surfaces outside of every call, and the call never ends.
process.on('uncaughtException', async (error) => {
  const { asPanic } = await import('./engine/panic.js');
  process.exit(report(asPanic(error) ?? error));
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** One message on stderr; the answer is the exit code. */
function report(error: unknown): number {
  if (error instanceof UserError) {
    console.error(`${error.message}${error.hint ? `\n${error.hint}` : ''}`);
    return error.exitCode;
  }
  if (error instanceof Error && error.name === 'ExitPromptError') {
    console.error('Stopped. Nothing was written.');
    return 130;
  }
  console.error(error);
  return 1;
}
