import type { EngineContext } from '../context.js';
import { EngineError } from '../errors.js';
import { isCentral } from '../history.js';
import { generatedSchema } from './create-migration.js';
import { ensureReplayed } from './dev-diagnostic.js';
import type { Method, Output } from './method.js';

/** What the next migration would destroy. Prisma asks about it; where nobody answers, it is explained instead. */
export const evaluateDataLoss: Method<'evaluateDataLoss'> = async (context, input) => {
  await ensureReplayed(context, input);
  const engine = await context.comparingEngine();
  const result = await engine.evaluateDataLoss(input);
  if (result.migrationSteps > 0 && (await isCentral(context))) throw generatedSchema();
  return askable(context, result);
};

/** Warnings for somebody who can answer, none for a draft, and otherwise a refusal. */
export function askable(
  context: EngineContext,
  result: Output<'evaluateDataLoss'>,
): Output<'evaluateDataLoss'> {
  if (result.warnings.length === 0) return result;
  switch (context.settings.audience) {
    case 'terminal':
      return result;
    case 'nobody-but-draft':
      // The draft itself begins with these warnings, and nothing is applied.
      return { ...result, warnings: [] };
    case 'nobody':
      throw unanswered(result.warnings);
  }
}

const unanswered = (warnings: Output<'evaluateDataLoss'>['warnings']) =>
  new EngineError(
    'CONFIRMATION_NEEDED',
    `Prisma asks before it goes on with this migration, and nobody can be asked here:\n${warnings
      .map(({ message }) => `  • ${message}`)
      .join('\n')}\nNothing was written and nothing was applied.`,
    {
      hint: 'Write it with --create-only, read the SQL, then apply it with `yarn prisma migrate deploy`. On a terminal Prisma asks.',
    },
  );
