import { askable } from '../methods/evaluate-data-loss.js';
import { type Method, methods } from '../methods/index.js';
import { answerFor } from './answer.js';

/** What the next migration would destroy. A rename destroys nothing, and what will not be written does not either. */
export const evaluateDataLoss: Method<'evaluateDataLoss'> = async (context, input) => {
  const answer = await answerFor(context, input);
  if (!answer) return methods.evaluateDataLoss(context, input);
  const { drafts, losses, question } = answer;
  const isWritten = drafts.length === 1;
  return askable(context, {
    migrationSteps: question ? 1 : drafts.length,
    warnings: isWritten ? losses.map((loss) => ({ message: `This throws away ${loss}.`, stepIndex: 0 })) : [],
    unexecutableSteps: [],
  });
};
