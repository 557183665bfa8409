import type { Constraint } from 'libpg-query';
import { type FieldsOf, nameOfParts, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, nextMigration, rewrite } from '../words.js';

export const domainConstraint: Rule = {
  id: 'domain-constraint',
  title: 'A constraint for a domain that tables use',
  level: 'error',
  squawk: ['ban-alter-domain-with-add-constraint'],
  *check({ node, catalog }) {
    if (!('AlterDomainStmt' in node)) return;
    const domain = nameOfParts(node.AlterDomainStmt.typeName);
    const constraint = constraintOf(node.AlterDomainStmt);
    // NOT VALID locks no table, and a new domain has none.
    if (!constraint || constraint.skip_validation || catalog.domains.get(catalog.key(domain))?.isNew) return;
    const conname = constraint.conname ?? `${domain.name}_check`;
    const later = { Constraint: { ...constraint, conname, skip_validation: true, initially_valid: false } };
    yield {
      message: `Adding a constraint to the domain ${writeName(domain)} takes SHARE on every table that uses it: writes to all of them wait until every row is checked.`,
      help: instead(
        'Add it without checking old rows, and check them in a later migration:',
        rewrite(node, { subtype: 'C', def: later }),
        nextMigration,
        `ALTER DOMAIN ${writeName(domain)} VALIDATE CONSTRAINT ${writeIdentifier(conname)};`,
      ),
    };
  },
};

/** What it adds; for SET NOT NULL the check that says the same. */
function constraintOf({ subtype, def }: FieldsOf<'AlterDomainStmt'>): Constraint | undefined {
  if (subtype !== 'O') return def && 'Constraint' in def ? def.Constraint : undefined;
  const arg = { ColumnRef: { fields: [{ String: { sval: 'value' } }] } };
  const raw_expr = { NullTest: { arg, nulltesttype: 'IS_NOT_NULL' as const } };
  return { contype: 'CONSTR_CHECK', raw_expr };
}
