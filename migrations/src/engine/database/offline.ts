import { ColumnTypeEnum, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { noDatabaseUrl } from '../errors.js';

/** What the engine asks when it starts: does the schema `public` exist, and which server is it? */
const greeting = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, 'PostgreSQL 17', 170000]],
};

const refuse = () => Promise.reject(noDatabaseUrl());

/** Stands in for a database where none is needed: comparing two schema files, or one with nothing. */
export function createOfflineAdapter(): SqlDriverAdapter {
  let greeted = false;
  return {
    provider: 'postgres',
    adapterName: '@bw/migrations',
    async queryRaw() {
      if (greeted) return refuse();
      greeted = true;
      return greeting;
    },
    executeRaw: refuse,
    executeScript: refuse,
    startTransaction: refuse,
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
}
