import { describeRule } from '../../../test/lint/describe-rule.js';
import { securityDefiner } from './security-definer.js';

describeRule(securityDefiner, {
  bad: ["CREATE FUNCTION app_schema.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"],
  good: [
    "CREATE FUNCTION app_schema.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1'",
  ],
  fine: ["CREATE FUNCTION app_schema.f() RETURNS int LANGUAGE sql SECURITY INVOKER AS 'SELECT 1'"],
});
