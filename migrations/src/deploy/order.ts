import type { Node } from 'libpg-query';
import type { Migration } from '../history/index.js';
import { readStatements } from '../sql/index.js';
import type { Survey } from './service.js';

export interface Run {
  survey: Survey;
  /** The last migration of this run. */
  through: string;
}

/**
 * Service by service, except where a script names another service's schema: then everything that service had at the
 * time (its migrations with an older name) comes first. Names begin with a date, so this can never go in circles.
 */
export async function orderRuns(surveys: Survey[]): Promise<Run[]> {
  const needs = surveys.length > 1 ? await findNeeds(surveys) : new Map<Migration, Survey[]>();
  const runs: Run[] = [];
  const done = new Map<Survey, number>();
  const applyThrough = (survey: Survey, count: number) => {
    for (let at = done.get(survey) ?? 0; at < count; at++) {
      const migration = survey.state.pending[at];
      if (!migration) return;
      for (const other of needs.get(migration) ?? []) {
        if (other !== survey) applyThrough(other, olderThan(migration, other));
      }
      done.set(survey, at + 1);
      append(runs, { survey, through: migration.name });
    }
  };
  for (const survey of surveys) applyThrough(survey, survey.state.pending.length);
  return runs;
}

const olderThan = ({ name }: Migration, { state: { pending } }: Survey): number =>
  pending.filter((migration) => migration.name < name).length;

function append(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (last?.survey === run.survey) last.through = run.through;
  else runs.push(run);
}

async function findNeeds(surveys: Survey[]): Promise<Map<Migration, Survey[]>> {
  const bySchema = new Map(surveys.map((survey) => [survey.session.service.schema, survey]));
  const needs = new Map<Migration, Survey[]>();
  for (const migration of surveys.flatMap(({ state }) => state.pending)) {
    const schemas = await schemasNamed(migration.sql);
    needs.set(
      migration,
      [...schemas].flatMap((schema) => bySchema.get(schema) ?? []),
    );
  }
  return needs;
}

/** Every schema that a script names in front of a relation or a function. A script that does not parse names none. */
export async function schemasNamed(sql: string): Promise<Set<string>> {
  const names = new Set<string>();
  for (const { node } of (await readStatements(sql)) ?? []) collectSchemas(node, names);
  return names;
}

function collectSchemas(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if ('schemaname' in value && typeof value.schemaname === 'string') names.add(value.schemaname);
  if ('funcname' in value && Array.isArray(value.funcname) && value.funcname.length > 1) {
    const [schema] = value.funcname as Node[];
    if (schema && 'String' in schema && schema.String.sval) names.add(schema.String.sval);
  }
  for (const child of Object.values(value)) collectSchemas(child, names);
}
