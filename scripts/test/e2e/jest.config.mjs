import base from '../../../jest.config.mjs';

// What a user does over HTTP, against the environment that ./dev.sh runs: no database of the tests' own.
const { globalSetup: _, globalTeardown: __, testPathIgnorePatterns: ___, ...shared } = base;

/** @type {import('jest').Config} */
export default {
  ...shared,
  rootDir: '../../..',
  testMatch: ['<rootDir>/scripts/test/e2e/**/*.e2e.ts'],
};
