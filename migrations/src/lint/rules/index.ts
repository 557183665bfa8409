import type { Rule } from '../rule.js';
import { attachPartition } from './attach-partition.js';
import { charType } from './char-type.js';
import { checkConstraint } from './check-constraint.js';
import { concurrentlyIfNotExists } from './concurrently-if-not-exists.js';
import { concurrentlyInTransaction } from './concurrently-in-transaction.js';
import { concurrentlyNotAlone } from './concurrently-not-alone.js';
import { createPartitionOf } from './create-partition-of.js';
import { detachPartition } from './detach-partition.js';
import { disableAutovacuum } from './disable-autovacuum.js';
import { disableTrigger } from './disable-trigger.js';
import { domainConstraint } from './domain-constraint.js';
import { dropCascade } from './drop-cascade.js';
import { dropColumn } from './drop-column.js';
import { dropIndexNotConcurrent } from './drop-index-not-concurrent.js';
import { dropNotNull } from './drop-not-null.js';
import { dropPrimaryKey } from './drop-primary-key.js';
import { dropTable } from './drop-table.js';
import { dropTrigger } from './drop-trigger.js';
import { droppedInUse } from './dropped-in-use.js';
import { duplicateAssignment } from './duplicate-assignment.js';
import { editedMigration } from './edited-migration.js';
import { enumAddAndUse } from './enum-add-and-use.js';
import { enumOrder } from './enum-order.js';
import { exclusionConstraint } from './exclusion-constraint.js';
import { fkCrossService } from './fk-cross-service.js';
import { fkDrop } from './fk-drop.js';
import { fkWithoutIndex } from './fk-without-index.js';
import { foreignKey } from './foreign-key.js';
import { hashIndex } from './hash-index.js';
import { heldLock } from './held-lock.js';
import { identifierTooLong } from './identifier-too-long.js';
import { indexNotConcurrent } from './index-not-concurrent.js';
import { jsonColumn } from './json-column.js';
import { lockTable } from './lock-table.js';
import { lockTimeoutZero } from './lock-timeout-zero.js';
import { multiTableLock } from './multi-table-lock.js';
import { nestedTransaction } from './nested-transaction.js';
import { outOfOrder } from './out-of-order.js';
import { outsideSchema } from './outside-schema.js';
import { primaryKey } from './primary-key.js';
import { redundantIndex } from './redundant-index.js';
import { refreshMatview } from './refresh-matview.js';
import { reindexNotConcurrent } from './reindex-not-concurrent.js';
import { renameColumn } from './rename-column.js';
import { renameEnum } from './rename-enum.js';
import { renameTable } from './rename-table.js';
import { replicaIdentity } from './replica-identity.js';
import { requiredColumn } from './required-column.js';
import { rlsWithoutPolicy } from './rls-without-policy.js';
import { schemaAndData } from './schema-and-data.js';
import { securityDefiner } from './security-definer.js';
import { serialColumn } from './serial-column.js';
import { setNotNull } from './set-not-null.js';
import { smallKey } from './small-key.js';
import { statementTimeoutZero } from './statement-timeout-zero.js';
import { storedGenerated } from './stored-generated.js';
import { suppression } from './suppression.js';
import { syntaxError } from './syntax-error.js';
import { tableRewrite } from './table-rewrite.js';
import { timestampWithoutZone } from './timestamp-without-zone.js';
import { truncate } from './truncate.js';
import { typeChange } from './type-change.js';
import { unbatchedWrite } from './unbatched-write.js';
import { unfinishedTransaction } from './unfinished-transaction.js';
import { uniqueConstraint } from './unique-constraint.js';
import { unqualifiedName } from './unqualified-name.js';
import { vacuumFull } from './vacuum-full.js';
import { validateSameTransaction } from './validate-same-transaction.js';
import { varcharLimit } from './varchar-limit.js';
import { volatileCheck } from './volatile-check.js';
import { volatileDefault } from './volatile-default.js';
import { wideGrant } from './wide-grant.js';
import { wideIndex } from './wide-index.js';

/** Every rule, by name. Adding one: its file here, a line here, its spec beside it, its page in docs/rules/. */
export const rules: Rule[] = [
  attachPartition,
  charType,
  checkConstraint,
  concurrentlyIfNotExists,
  concurrentlyInTransaction,
  concurrentlyNotAlone,
  createPartitionOf,
  detachPartition,
  disableAutovacuum,
  disableTrigger,
  domainConstraint,
  dropCascade,
  dropColumn,
  dropIndexNotConcurrent,
  dropNotNull,
  dropPrimaryKey,
  dropTable,
  dropTrigger,
  droppedInUse,
  duplicateAssignment,
  editedMigration,
  enumAddAndUse,
  enumOrder,
  exclusionConstraint,
  fkCrossService,
  fkDrop,
  fkWithoutIndex,
  foreignKey,
  hashIndex,
  heldLock,
  identifierTooLong,
  indexNotConcurrent,
  jsonColumn,
  lockTable,
  lockTimeoutZero,
  multiTableLock,
  nestedTransaction,
  outOfOrder,
  outsideSchema,
  primaryKey,
  redundantIndex,
  refreshMatview,
  reindexNotConcurrent,
  renameColumn,
  renameEnum,
  renameTable,
  replicaIdentity,
  requiredColumn,
  rlsWithoutPolicy,
  schemaAndData,
  securityDefiner,
  serialColumn,
  setNotNull,
  smallKey,
  statementTimeoutZero,
  storedGenerated,
  suppression,
  syntaxError,
  tableRewrite,
  timestampWithoutZone,
  truncate,
  typeChange,
  unbatchedWrite,
  unfinishedTransaction,
  uniqueConstraint,
  unqualifiedName,
  vacuumFull,
  validateSameTransaction,
  varcharLimit,
  volatileCheck,
  volatileDefault,
  wideGrant,
  wideIndex,
];
