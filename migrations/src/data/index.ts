export {
  type DataMigration,
  type Query,
  type RowDataMigration,
  type SqlDataMigration,
  writeDefinition,
} from './definition.js';
export {
  dataMigrationFile,
  type LoadedDataMigration,
  listDataMigrations,
  loadDataMigration,
  newDataMigration,
} from './files.js';
export { DataMigrationRequired, requirementsOf } from './requirement.js';
export {
  countDataMigration,
  type DataEvent,
  estimateTotal,
  type RunOptions,
  type RunResult,
  runDataMigration,
} from './run.js';
export { type DataState, readStates } from './state.js';
