import base from '../../../jest.config.mjs';

/** @type {import('jest').Config} One after the other: the containers have fixed names. */
export default {
  rootDir: '../../..',
  testMatch: ['<rootDir>/scripts/test/containers/*.spec.ts'],
  setupFilesAfterEnv: base.setupFilesAfterEnv,
  modulePathIgnorePatterns: base.modulePathIgnorePatterns,
  extensionsToTreatAsEsm: base.extensionsToTreatAsEsm,
  transform: base.transform,
  moduleNameMapper: base.moduleNameMapper,
  testEnvironmentOptions: base.testEnvironmentOptions,
  testTimeout: 600_000,
  maxWorkers: 1,
};
