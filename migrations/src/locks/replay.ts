import type { Node } from 'libpg-query';
import {
  dispatch,
  type FieldsOf,
  type NodeTable,
  nameOf,
  nameOfObject,
  nameOfParts,
  textsOf,
} from '../sql/index.js';
import type { Catalog } from './catalog.js';
import { rename, setSchema } from './replay-rename.js';
import { addTable, alterTable, createIndex, createTable } from './replay-table.js';

/** Brings what is known up to date with a statement that has run. */
export function replay(node: Node, catalog: Catalog): void {
  dispatch(statements, node, catalog);
}

const statements: NodeTable<[Catalog], void> = {
  CreateStmt: createTable,
  CreateTableAsStmt: ({ into }, catalog) => void addTable(nameOf(into?.rel), catalog),
  AlterTableStmt: alterTable,
  IndexStmt: createIndex,
  DropStmt: drop,
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  AlterEnumStmt: alterEnum,
  CreateFunctionStmt: createFunction,
  VariableSetStmt: set,
  CreateEnumStmt: ({ typeName, vals }, catalog) =>
    void catalog.enums.set(catalog.key(nameOfParts(typeName)), textsOf(vals)),
  CreatePolicyStmt: ({ table, policy_name = '' }, catalog) =>
    void catalog.table(nameOf(table))?.policies.add(policy_name),
  CreateDomainStmt: ({ domainname, constraints = [] }, catalog) =>
    void catalog.domains.set(catalog.key(nameOfParts(domainname)), {
      constrained: constraints.length > 0,
      isNew: true,
    }),
  AlterDomainStmt: alterDomain,
};

function drop({ removeType, objects = [] }: FieldsOf<'DropStmt'>, catalog: Catalog): void {
  for (const object of objects) drops[removeType ?? '']?.(object, catalog);
}

const dropTable = (object: Node, catalog: Catalog) =>
  void catalog.tables.delete(catalog.key(nameOfObject(object)));

const drops: Record<string, (object: Node, catalog: Catalog) => void> = {
  OBJECT_TABLE: dropTable,
  OBJECT_MATVIEW: dropTable,
  OBJECT_INDEX: (object, catalog) => {
    const name = nameOfObject(object);
    catalog.tableOfIndex(name)?.indexes.delete(name.name);
  },
  OBJECT_TYPE: (object, catalog) => void catalog.enums.delete(catalog.key(nameOfObject(object))),
  OBJECT_SCHEMA: (object, catalog) => {
    const { name } = nameOfObject(object);
    for (const [key, table] of catalog.tables) if (table.schema === name) catalog.tables.delete(key);
  },
  OBJECT_POLICY: (object, catalog) => {
    const path = 'List' in object ? textsOf(object.List.items) : [];
    const table = catalog.table({ schema: path.at(-3), name: path.at(-2) ?? '' });
    table?.policies.delete(path.at(-1) ?? '');
  },
};

function alterEnum(statement: FieldsOf<'AlterEnumStmt'>, catalog: Catalog): void {
  const { typeName, oldVal, newVal = '', newValNeighbor, newValIsAfter } = statement;
  const values = catalog.enums.get(catalog.key(nameOfParts(typeName)));
  if (!values || values.includes(newVal)) return;
  if (oldVal) values.splice(values.indexOf(oldVal), 1, newVal);
  else if (newValNeighbor) values.splice(values.indexOf(newValNeighbor) + (newValIsAfter ? 1 : 0), 0, newVal);
  else values.push(newVal);
}

/** Once constrained it counts as constrained: which of several constraints one drops, is not known here. */
function alterDomain({ subtype = '', typeName }: FieldsOf<'AlterDomainStmt'>, catalog: Catalog): void {
  const key = catalog.key(nameOfParts(typeName));
  const adds = ['C', 'O'].includes(subtype);
  if (adds) catalog.domains.set(key, { isNew: false, ...catalog.domains.get(key), constrained: true });
}

function createFunction({ funcname, options = [] }: FieldsOf<'CreateFunctionStmt'>, catalog: Catalog): void {
  const key = catalog.key(nameOfParts(funcname));
  const isSteady = options.some((option) => {
    if (!('DefElem' in option) || option.DefElem.defname !== 'volatility') return false;
    return ['immutable', 'stable'].includes(textsOf(option.DefElem.arg && [option.DefElem.arg])[0] ?? '');
  });
  if (isSteady) catalog.steadyFunctions.add(key);
  else catalog.steadyFunctions.delete(key);
}

function set({ kind, name = '', args = [] }: FieldsOf<'VariableSetStmt'>, catalog: Catalog): void {
  const [value] = args;
  const text = value && 'A_Const' in value ? value.A_Const.sval?.sval : undefined;
  if (kind === 'VAR_SET_VALUE' && text !== undefined) catalog.settings.set(name.toLowerCase(), text);
  else catalog.settings.delete(name.toLowerCase());
}
