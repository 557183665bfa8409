import { draft, prove } from '../../create/draft.js';
import { assertUnique } from '../../create/duplicates.js';
import { assertFunctionsFollow } from '../../create/functions.js';
import { findLosses } from '../../create/losses.js';
import { assertNeighboursKnown } from '../../create/neighbours.js';
import { type Change, findChange, isEmpty } from '../../create/plan.js';
import type { Query } from '../../create/rows.js';
import { openWorkspace, type Workspace } from '../../create/workspace.js';
import { AnswerNeeded, UserError } from '../../errors/index.js';
import type { Draft } from '../../rewrite/index.js';
import type { Service } from '../../services/index.js';
import type { EngineContext } from '../context.js';
import { createEngine } from '../index.js';
import type { Input } from '../methods/index.js';
import { serviceOf } from './service.js';

/** What an edit of a service's schema comes to. */
export interface Answer {
  service: Service;
  /** None where nothing is to be done, or where it cannot be said without an answer. */
  drafts: Draft[];
  /** What they throw away, each in words. */
  losses: string[];
  /** The question that would have to be answered first. */
  question?: UserError;
}

type Asked = Pick<Input<'createMigration'>, 'schema' | 'migrationsList'>;

/** Undefined where the schema is no service's own: in the centralized folder, and outside of the repository. */
export async function answerFor(context: EngineContext, asked: Asked): Promise<Answer | undefined> {
  const service = serviceOf(context);
  const [file] = asked.schema.files;
  if (!service || !file) return undefined;
  // Prisma asks twice in a row: what would be lost, and what to write.
  const key = JSON.stringify(asked);
  const last = answers.get(context);
  if (last?.key === key) return last.answer;
  const answer = work(context, service, file.content);
  answers.set(context, { key, answer });
  return answer;
}

const answers = new WeakMap<EngineContext, { key: string; answer: Promise<Answer> }>();

async function work(context: EngineContext, service: Service, source: string): Promise<Answer> {
  const workspace = await openWorkspace(service, source);
  await assertNeighboursKnown(workspace);
  try {
    const change = await findChange(createEngine(context), workspace, { renames: [], declineOthers: false });
    if (isEmpty(change)) return { service, drafts: [], losses: [] };
    await assertFunctionsFollow(createEngine(context), change);
    return { service, ...(await draftOf(context, workspace, change)) };
  } catch (error) {
    if (!isQuestion(error)) throw error;
    return { service, drafts: [], losses: [], question: error };
  }
}

async function draftOf(context: EngineContext, workspace: Workspace, change: Change) {
  const { drafts } = await draft(change, workspace.service);
  const added = drafts.map(({ sql }, index) => ({ name: `99999999999999_${index}`, sql }));
  await prove(createEngine(context), workspace, added);
  const connection = await context.connection();
  const query: Query = (text, values) => connection.query(text, values);
  await assertUnique(query, change);
  const losses = await findLosses(query, change);
  return { drafts, losses };
}

/** `yarn db create` has a flag that answers it. */
const isQuestion = (error: unknown): error is UserError => error instanceof AnswerNeeded;
