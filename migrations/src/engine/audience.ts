import type { Audience } from './settings.js';

const variable = 'SCHEMA_ENGINE_AUDIENCE';

/** Who would answer a question of the engine. Its own input is the Prisma CLI, so the CLI's process has to say. */
export const audienceOf = (env: NodeJS.ProcessEnv): Audience =>
  audiences.find((audience) => audience === env[variable]) ?? 'nobody';

const audiences: Audience[] = ['terminal', 'nobody', 'nobody-but-draft'];

/** Tells the engine that this process will start who is there, and Prisma not to ask where nobody is. */
export function announceAudience(env: NodeJS.ProcessEnv = process.env, argv = process.argv): void {
  const isTerminal = process.stdin.isTTY && !env.CI;
  // Without a terminal Prisma would wait for a name to be typed, unless it believes to be in a pipeline.
  if (!isTerminal) env.CI ??= 'true';
  env[variable] = isTerminal ? 'terminal' : argv.includes('--create-only') ? 'nobody-but-draft' : 'nobody';
}
