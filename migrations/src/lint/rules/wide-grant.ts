import type { Node } from 'libpg-query';
import type { Rule } from '../rule.js';

export const wideGrant: Rule = {
  id: 'wide-grant',
  title: 'Rights that reach beyond the services',
  level: 'error',
  *check({ node }) {
    if (isGrantToPublic(node))
      yield {
        message:
          "A right granted to PUBLIC is every role's of the database: the other services' too, and of those still to come.",
        help: 'Grant it to the role that needs it. Each service has an owner role and a runtime role of its own.',
      };
    const option = roleOption(node);
    if (option)
      yield {
        message: `A role with ${option} reads and writes every service's tables, whatever is granted.`,
        help: 'Leave it out: migrations/init-schemas.sql makes the roles, with the rights each needs.',
      };
  },
};

const isGrantToPublic = (node: Node): boolean =>
  'GrantStmt' in node &&
  node.GrantStmt.is_grant === true &&
  (node.GrantStmt.grantees ?? []).some(
    (grantee) => 'RoleSpec' in grantee && grantee.RoleSpec.roletype === 'ROLESPEC_PUBLIC',
  );

const powers: Record<string, string> = { superuser: 'SUPERUSER', bypassrls: 'BYPASSRLS' };

function roleOption(node: Node): string | undefined {
  const options =
    'CreateRoleStmt' in node
      ? node.CreateRoleStmt.options
      : 'AlterRoleStmt' in node
        ? node.AlterRoleStmt.options
        : [];
  for (const option of options ?? []) {
    if (!('DefElem' in option)) continue;
    const { defname = '', arg } = option.DefElem;
    if (arg && 'Boolean' in arg && arg.Boolean.boolval && powers[defname]) return powers[defname];
  }
  return undefined;
}
