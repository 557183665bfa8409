import { describeRule } from '../../../test/lint/describe-rule.js';
import { replicaIdentity } from './replica-identity.js';

describeRule(replicaIdentity, {
  bad: ['ALTER TABLE app_schema.users REPLICA IDENTITY NOTHING'],
  good: ['ALTER TABLE app_schema.users REPLICA IDENTITY USING INDEX users_proven_key'],
  fine: [
    'ALTER TABLE app_schema.users REPLICA IDENTITY DEFAULT',
    'ALTER TABLE app_schema.users REPLICA IDENTITY FULL',
  ],
});
