/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/*/{src,test}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/test/e2e/', '/test/containers/'],
  modulePathIgnorePatterns: ['/dist/', '/bundle/', '<rootDir>/.data/', '<rootDir>/.tools/'],
  globalSetup: '<rootDir>/scripts/src/testing/global-setup.ts',
  globalTeardown: '<rootDir>/scripts/src/testing/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/scripts/src/testing/second-attempt.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testTimeout: 120_000,
  maxWorkers: 2,
};
