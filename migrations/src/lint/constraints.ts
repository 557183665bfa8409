import type { ColumnDef, Constraint } from 'libpg-query';
import { constraintsOf } from '../locks/index.js';
import type { Name } from '../sql/index.js';
import type { Alteration, StatementContext } from './rule.js';

export interface AddedColumn {
  table: Name;
  column: ColumnDef;
  name: string;
}

export interface AddedConstraint {
  table: Name;
  definition: Constraint;
  /** Set when the constraint stands with a new column. */
  column: string | undefined;
}

/** Commands of one kind on tables that may have rows and readers. */
export const onExisting = ({ alterations }: StatementContext, ...subtypes: string[]): Alteration[] =>
  alterations.filter(({ isNew, command }) => !isNew && subtypes.includes(command.subtype ?? ''));

/** Columns added to tables that may have rows and readers. */
export const addedColumns = (context: StatementContext): AddedColumn[] =>
  onExisting(context, 'AT_AddColumn').flatMap(({ table, command: { def } }) =>
    def && 'ColumnDef' in def ? [{ table, column: def.ColumnDef, name: def.ColumnDef.colname ?? '' }] : [],
  );

/** Constraints of one kind added to such tables, alone or with a new column. */
export function addedConstraints(context: StatementContext, contype: string): AddedConstraint[] {
  const alone = onExisting(context, 'AT_AddConstraint').flatMap(({ table, command: { def } }) =>
    def && 'Constraint' in def ? [{ table, definition: def.Constraint, column: undefined }] : [],
  );
  const withColumns = addedColumns(context).flatMap(({ table, column, name }) =>
    constraintsOf(column).map((definition) => ({ table, definition, column: name })),
  );
  return [...alone, ...withColumns].filter(({ definition }) => definition.contype === contype);
}
