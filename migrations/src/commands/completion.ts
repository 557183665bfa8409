import { Argument, type Command } from 'commander';

export function register(program: Command): void {
  program
    .command('completion')
    .description('What makes a shell complete `yarn db`: source <(yarn db completion bash)')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish', 'powershell']))
    .action(async (shell) => (await import('../completion/index.js')).printScript(shell));
  // What the shell then runs at every Tab: `suggest complete -- WORD…`.
  program
    .command('suggest <words...>', { hidden: true })
    .action(async ([, ...words]: string[]) =>
      (await import('../completion/index.js')).suggest(program, words),
    );
}
