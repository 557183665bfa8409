import { type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

interface Column {
  type: ColumnType;
  parse: (text: string) => unknown;
}

const asIs = (text: string) => text;
const {
  BOOL,
  INT2,
  INT4,
  INT8,
  OID,
  FLOAT4,
  FLOAT8,
  NUMERIC,
  TIMESTAMP,
  TIMESTAMPTZ,
  JSON: JSON_,
  JSONB,
} = pg.types.builtins;
const char = 18;
const nameArray = 1003;
const textArray: number = 1009;
const varcharArray = 1015;
const int2Array = 1005;
const int4Array = 1007;

const parseArray = (element: (text: string) => unknown) => (text: string) => {
  const items: (string | null)[] = pg.types.getTypeParser(textArray)(text);
  return items.map((item) => (item === null ? null : element(item)));
};
const parseTime = (oid: number) => (text: string) => {
  const time: Date = pg.types.getTypeParser(oid)(text);
  return time.toISOString();
};

/** What the engine computes with. Everything else, the catalogue's `name` included, is text to it. */
const columns = new Map<number, Column>([
  [BOOL, { type: ColumnTypeEnum.Boolean, parse: (text) => text === 't' }],
  // The catalogue's `"char"`; the engine panics where it expects one and gets a text.
  [char, { type: ColumnTypeEnum.Character, parse: asIs }],
  [INT2, { type: ColumnTypeEnum.Int32, parse: Number }],
  [INT4, { type: ColumnTypeEnum.Int32, parse: Number }],
  [INT8, { type: ColumnTypeEnum.Int64, parse: asIs }],
  [OID, { type: ColumnTypeEnum.Int64, parse: asIs }],
  [FLOAT4, { type: ColumnTypeEnum.Float, parse: Number }],
  [FLOAT8, { type: ColumnTypeEnum.Double, parse: Number }],
  [NUMERIC, { type: ColumnTypeEnum.Numeric, parse: asIs }],
  [TIMESTAMP, { type: ColumnTypeEnum.DateTime, parse: parseTime(TIMESTAMP) }],
  [TIMESTAMPTZ, { type: ColumnTypeEnum.DateTime, parse: parseTime(TIMESTAMPTZ) }],
  [JSON_, { type: ColumnTypeEnum.Json, parse: asIs }],
  [JSONB, { type: ColumnTypeEnum.Json, parse: asIs }],
  [nameArray, { type: ColumnTypeEnum.TextArray, parse: parseArray(asIs) }],
  [textArray, { type: ColumnTypeEnum.TextArray, parse: parseArray(asIs) }],
  [varcharArray, { type: ColumnTypeEnum.TextArray, parse: parseArray(asIs) }],
  [int2Array, { type: ColumnTypeEnum.Int32Array, parse: parseArray(Number) }],
  [int4Array, { type: ColumnTypeEnum.Int32Array, parse: parseArray(Number) }],
]);

const text: Column = { type: ColumnTypeEnum.Text, parse: asIs };

export const columnOf = (oid: number): Column => columns.get(oid) ?? text;
