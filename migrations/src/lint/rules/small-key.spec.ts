import { describeRule } from '../../../test/lint/describe-rule.js';
import { smallKey } from './small-key.js';

describeRule(smallKey, {
  bad: [
    'CREATE TABLE app_schema.fresh (id serial PRIMARY KEY)',
    'CREATE TABLE app_schema.fresh (id int NOT NULL, CONSTRAINT p PRIMARY KEY (id))',
  ],
  good: ['CREATE TABLE app_schema.fresh (id bigserial PRIMARY KEY)'],
  fine: [
    'CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int)',
    'CREATE TABLE app_schema.fresh (a text, n int, PRIMARY KEY (a, n))',
  ],
});
