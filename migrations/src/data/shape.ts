import { UserError } from '../errors/index.js';
import { readScript } from '../sql/index.js';
import type { LoadedDataMigration } from './files.js';

interface Shape {
  is: string;
  hint: string;
  /** Before the text, it makes a statement whose node has these fields and no other. */
  before: string;
  fields: string[];
}

const shapes: Record<'where' | 'set', Shape> = {
  where: {
    is: 'one condition',
    hint: 'Close every bracket it opens and no other, and leave out semicolons and what may follow a condition, such as ORDER BY.',
    before: 'SELECT WHERE',
    fields: ['whereClause', 'limitOption', 'op'],
  },
  set: {
    is: 'assignments',
    hint: 'Write assignments without a semicolon, read other tables in subqueries, and name the rows in "where".',
    before: 'UPDATE t SET',
    fields: ['relation', 'targetList'],
  },
};

/** Refuses a text that is more, or less, than its place is for: the statement around it would mean other rows. */
export async function requireShape({ file, definition }: LoadedDataMigration): Promise<void> {
  const { where } = definition;
  if (where !== undefined) await requireText(file, 'where', where);
  if ('set' in definition && definition.set.trim() !== '') await requireText(file, 'set', definition.set);
}

async function requireText(file: string, property: 'where' | 'set', text: string): Promise<void> {
  const { is, hint, before, fields } = shapes[property];
  const { statements, problem } = await readScript(`${before} ${text}`);
  const found = statements.flatMap(({ node }) => Object.values(node).flatMap(Object.keys));
  if (!problem && statements.length === 1 && found.every((field) => fields.includes(field))) return;
  const why = problem ? `: ${problem.message}` : ', but says more';
  throw new UserError('BAD_DATA_SQL', `${file}: its "${property}" has to be ${is} by itself${why}.`, {
    hint,
  });
}
