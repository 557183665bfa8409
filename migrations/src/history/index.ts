// Services import this file for their readiness check: nothing here may load more than node's own modules.
export { type Comparison, compareHistory, type Unfinished } from './compare.js';
export { checksum, listMigrations, type Migration, matchesChecksum, readMigrations } from './folders.js';
export { type Mark, readMark, readText, writeMark } from './mark.js';
export { type MigrationGap, type MissingMigrationsOptions, missingMigrations } from './missing.js';
export { spellingsOf } from './spellings.js';
export {
  type Attempt,
  createHistory,
  type Database,
  forgetAttempt,
  type HistoryRow,
  hasSchema,
  historyTable,
  literal,
  newAttemptId,
  quote,
  readHistory,
  recordBaseline,
  recordFinish,
  recordLogs,
  recordRollback,
  recordStart,
  recordStep,
} from './table.js';
