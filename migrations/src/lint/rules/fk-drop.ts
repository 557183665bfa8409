import type { Catalog } from '../../locks/index.js';
import { type Name, nameOfObject, textsOf, writeIdentifier, writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule, StatementContext } from '../rule.js';
import { instead } from '../words.js';

export const fkDrop: Rule = {
  id: 'fk-drop',
  title: 'A foreign key that is dropped with the reads of two tables waiting',
  level: 'error',
  *check(context) {
    for (const { what, table, parents } of [...droppedWithCommands(context), ...droppedWithTables(context)]) {
      const others = parents.map((parent) => (parent ? writeName(parent) : 'the table it points to'));
      yield {
        message: `${what} drops a foreign key: it takes ACCESS EXCLUSIVE on ${[writeName(table), ...others].join(' and ')}, so reads and writes of both wait.`,
        help: instead(
          'Put it in a migration of its own, so that it holds both for a moment only (`yarn db deploy` gives up after lock_timeout and tries again), and say so:',
          '-- lint: allow fk-drop because REASON',
        ),
      };
    }
  },
};

interface Dropped {
  what: string;
  table: Name;
  /** Undefined for one whose foreign key is known by its name only. */
  parents: (Name | undefined)[];
}

function droppedWithCommands(context: StatementContext): Dropped[] {
  const added = keysAdded(context);
  return onExisting(context, 'AT_DropConstraint', 'AT_DropColumn').flatMap(({ table, command }) => {
    const { subtype, name = '' } = command;
    const known = context.catalog.table(table);
    const constraints = [...(known?.constraints.values() ?? [])].filter((each) =>
      subtype === 'AT_DropColumn'
        ? each.columns.includes(name)
        : each.name === name && !added.includes(String(each.columns)),
    );
    const isNamedSo = !known && subtype === 'AT_DropConstraint' && name.endsWith('_fkey');
    const parents = isNamedSo
      ? [undefined]
      : inUse(
          constraints.flatMap((it) => it.references ?? []),
          table,
          context.catalog,
        );
    const what = `${subtype === 'AT_DropColumn' ? 'DROP COLUMN' : 'DROP CONSTRAINT'} ${writeIdentifier(name)}`;
    return parents.length > 0 ? [{ what, table, parents }] : [];
  });
}

/** The columns of each foreign key that the same statement adds: one of those is exchanged, not dropped. */
const keysAdded = (context: StatementContext): string[] =>
  onExisting(context, 'AT_AddConstraint').flatMap(({ command: { def } }) =>
    def && 'Constraint' in def && def.Constraint.contype === 'CONSTR_FOREIGN'
      ? [String(textsOf(def.Constraint.fk_attrs))]
      : [],
  );

function droppedWithTables({ node, catalog }: StatementContext): Dropped[] {
  if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_TABLE') return [];
  const dropped = (node.DropStmt.objects ?? []).map(nameOfObject);
  return dropped.flatMap((table) => {
    const constraints = [...(catalog.table(table)?.constraints.values() ?? [])];
    const parents = inUse(
      constraints.flatMap((it) => it.references ?? []),
      table,
      catalog,
    ).filter((parent) => !dropped.some((each) => catalog.isSame(each, parent)));
    return parents.length > 0 ? [{ what: `DROP TABLE ${writeName(table)}`, table, parents }] : [];
  });
}

/** A table that points to itself, or to one nobody uses yet, stops nobody else. */
const inUse = (parents: Name[], table: Name, catalog: Catalog): Name[] =>
  parents.filter((parent) => !catalog.isNew(parent) && !catalog.isSame(parent, table));
