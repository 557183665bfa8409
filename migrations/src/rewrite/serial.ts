import type { ColumnDef, Node, RangeVar, TypeName } from 'libpg-query';
import { quote, sequenceOf } from '../renames/index.js';
import { textsOf } from '../sql/index.js';
import { nameOf } from './sql.js';

/** The number that each of the pseudo-types is. */
export const serials: Record<string, string> = { smallserial: 'int2', serial: 'int4', bigserial: 'int8' };

export const isSerial = (definition: ColumnDef): boolean => typeName(definition) in serials;

/** A serial column in its parts: a number, a sequence, and the default that takes from it. */
export function withoutSerial(definition: ColumnDef, relation: RangeVar | undefined) {
  const type = serials[typeName(definition)];
  const { colname = '', constraints = [] } = definition;
  if (!type) return undefined;
  const sequence = sequenceName(relation, colname);
  const next: Node = {
    FuncCall: {
      funcname: [{ String: { sval: 'nextval' } }],
      args: [{ A_Const: { sval: { sval: sequence } } }],
      funcformat: 'COERCE_EXPLICIT_CALL',
    },
  };
  const numeric: ColumnDef = {
    ...definition,
    typeName: integerType(definition, type),
    constraints: [...constraints, { Constraint: { contype: 'CONSTR_DEFAULT', raw_expr: next } }],
  };
  return {
    definition: numeric,
    before: [`CREATE SEQUENCE ${sequence} AS ${type};`],
    after: [`ALTER SEQUENCE ${sequence} OWNED BY ${nameOf(relation)}.${quote(colname)};`],
  };
}

/** A number that counts by itself and becomes wider: `serial` is a type only where a column is made. */
export function widenSerial(definition: ColumnDef, column: string, relation: RangeVar | undefined) {
  const type = serials[typeName(definition)];
  if (!type) return undefined;
  return {
    definition: { ...definition, typeName: integerType(definition, type) },
    after: [`ALTER SEQUENCE ${sequenceName(relation, column)} AS ${type};`],
  };
}

const sequenceName = (relation: RangeVar | undefined, column: string): string =>
  nameOf({ ...relation, relname: sequenceOf(relation?.relname ?? '', column) });

const integerType = ({ typeName }: ColumnDef, type: string): TypeName => ({
  ...typeName,
  names: [{ String: { sval: 'pg_catalog' } }, { String: { sval: type } }],
});

const typeName = ({ typeName }: ColumnDef): string => textsOf(typeName?.names).at(-1) ?? '';
