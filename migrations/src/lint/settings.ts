import type { FuncCall, Node } from 'libpg-query';
import { integerOf, textsOf, walk } from '../sql/index.js';

export interface Timeout {
  name: string;
  /** Infinite where it is switched off, or left to the server, which knows none by default. */
  ms: number;
}

/** The timeouts that a statement sets, by SET or by `set_config()`. */
export function timeoutsSet(node: Node): Timeout[] {
  const set = 'VariableSetStmt' in node ? [fromSet(node.VariableSetStmt)] : configured(node);
  return set.flatMap(({ name, value }) => {
    const ms = value === undefined ? Number.POSITIVE_INFINITY : milliseconds(value);
    return name.endsWith('_timeout') && ms !== undefined ? [{ name, ms }] : [];
  });
}

interface Setting {
  name: string;
  /** Undefined for the server's own. */
  value: string | undefined;
}

function fromSet({
  kind,
  name = '',
  args: [value] = [],
}: {
  kind?: string;
  name?: string;
  args?: Node[];
}): Setting {
  return { name: name.toLowerCase(), value: kind === 'VAR_SET_VALUE' ? constant(value) : undefined };
}

function configured(node: Node): Setting[] {
  if (!('SelectStmt' in node)) return [];
  const settings: Setting[] = [];
  walk(node, (kind, fields) => {
    if (kind !== 'FuncCall') return;
    const { funcname, args: [name, value] = [] } = fields as FuncCall;
    const text = constant(value);
    if (textsOf(funcname).at(-1) === 'set_config' && text !== undefined)
      settings.push({ name: (constant(name) ?? '').toLowerCase(), value: text });
  });
  return settings;
}

function constant(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  const text = 'A_Const' in node ? (node.A_Const.sval?.sval ?? node.A_Const.fval?.fval) : undefined;
  return text ?? integerOf(node)?.toString();
}

const units = new Map([
  ['us', 0.001],
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** As PostgreSQL reads a time; undefined for what it refuses. */
function milliseconds(text: string): number | undefined {
  const [, number = '', unit = ''] = /^\s*([\d.]+)\s*([a-z]*)\s*$/.exec(text) ?? [];
  const size = units.get(unit);
  if (number === '' || size === undefined) return undefined;
  return Number(number) * size || Number.POSITIVE_INFINITY;
}
