import type { Node } from 'libpg-query';
import { integerOf } from '../sql/index.js';

/** The name of the timeout that a statement switches off, or leaves to the server, which knows none by default. */
export function endlessTimeout(node: Node): string | undefined {
  if (!('VariableSetStmt' in node)) return undefined;
  const { kind, name = '', args: [value] = [] } = node.VariableSetStmt;
  if (!name.toLowerCase().endsWith('_timeout')) return undefined;
  const text = value && 'A_Const' in value ? value.A_Const.sval?.sval : undefined;
  const isZero = text === undefined ? value && integerOf(value) === 0 : Number.parseFloat(text) === 0;
  return kind === 'VAR_SET_VALUE' && !isZero ? undefined : name.toLowerCase();
}
