import { describeRule } from '../../../test/lint/describe-rule.js';
import { wideGrant } from './wide-grant.js';

describeRule(wideGrant, {
  bad: [
    'GRANT SELECT ON app_schema.users TO PUBLIC',
    'GRANT USAGE ON SCHEMA app_schema TO app_app, PUBLIC',
    'ALTER ROLE app_app SUPERUSER',
    'CREATE ROLE reporter BYPASSRLS',
  ],
  good: ['GRANT SELECT ON app_schema.users TO app_app'],
  fine: ['REVOKE ALL ON app_schema.users FROM PUBLIC', 'ALTER ROLE app_app NOSUPERUSER'],
});
