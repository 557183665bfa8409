import { nameOfParts, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const securityDefiner: Rule = {
  id: 'security-definer',
  title: "A function with its owner's rights that looks names up by the caller's path",
  level: 'error',
  *check({ node }) {
    if (!('CreateFunctionStmt' in node)) return;
    const { funcname, options = [] } = node.CreateFunctionStmt;
    const elements = options.flatMap((it) => ('DefElem' in it ? [it.DefElem] : []));
    const isDefiner = elements.some(
      ({ defname, arg }) => defname === 'security' && arg && 'Boolean' in arg && arg.Boolean.boolval,
    );
    const hasPath = elements.some(
      ({ defname, arg }) =>
        defname === 'set' && arg && 'VariableSetStmt' in arg && arg.VariableSetStmt.name === 'search_path',
    );
    if (!isDefiner || hasPath) return;
    yield {
      message: `${writeName(nameOfParts(funcname))} runs with the rights of its owner and finds names by the caller's search_path, so a caller can make it run code of their own.`,
      help: 'Add: SET search_path = pg_catalog, and write every name with its schema; or leave SECURITY DEFINER out.',
    };
  },
};
