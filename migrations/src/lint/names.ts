import type { Node, RangeVar } from 'libpg-query';
import {
  dispatch,
  type Name,
  type NodeTable,
  nameOf,
  nameOfObject,
  nameOfParts,
  textsOf,
  walk,
} from '../sql/index.js';

/** The tables, types and other objects a statement names; what it only points to with a foreign key is left out. */
export function namesOf(node: Node): Name[] {
  const local = new Set<string>();
  const relations: Name[] = [];
  walk(node, (kind, fields) => {
    if (kind === 'CommonTableExpr') local.add(String(fields.ctename));
    if (kind === 'RangeVar') relations.push(...relationOf(fields as RangeVar));
    // Some fields hold a name without a node around it.
    relations.push(
      ...bareFields
        .map((name) => fields?.[name])
        .filter(isRelation)
        .flatMap(relationOf),
    );
  });
  const named = dispatch(objects, node) ?? [];
  return [...relations, ...named].filter(({ schema, name }) => schema !== undefined || !local.has(name));
}

/** `pktable`, the other side of a foreign key, is not among them. */
const bareFields = ['relation', 'rel', 'view', 'table', 'sequence', 'name'];

const isRelation = (field: unknown): field is RangeVar =>
  typeof field === 'object' && field !== null && 'relname' in field;

/** A temporary table lives in no schema of ours. */
const relationOf = (relation: RangeVar): Name[] =>
  relation.relpersistence === 't' ? [] : [nameOf(relation)];

const objects: NodeTable<[], Name[]> = {
  DropStmt: ({ removeType = 'OBJECT_TABLE', objects = [] }) => {
    if (removeType === 'OBJECT_SCHEMA')
      return objects.map((it) => ({ ...nameOfObject(it), schema: nameOfObject(it).name }));
    if (inTable.has(removeType)) return objects.map(tableOf);
    return placed.has(removeType) ? objects.map(nameOfObject) : [];
  },
  CreateSchemaStmt: ({ schemaname: name = '' }) => [{ schema: name, name }],
  CreateEnumStmt: ({ typeName }) => [nameOfParts(typeName)],
  CreateDomainStmt: ({ domainname }) => [nameOfParts(domainname)],
  AlterEnumStmt: ({ typeName }) => [nameOfParts(typeName)],
  AlterDomainStmt: ({ typeName }) => [nameOfParts(typeName)],
  CreateFunctionStmt: ({ funcname }) => [nameOfParts(funcname)],
};

const placed = new Set([
  'OBJECT_TABLE',
  'OBJECT_INDEX',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
  'OBJECT_SEQUENCE',
]);
const inTable = new Set(['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE']);

function tableOf(node: Node): Name {
  const path = 'List' in node ? textsOf(node.List.items) : [];
  return { schema: path.at(-3), name: path.at(-2) ?? '' };
}
