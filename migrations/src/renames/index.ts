export type { Candidate, Comparison, Decide } from './comparison.js';
export { assertAllUsed, decideBy, goneOf, type Told } from './decide.js';
export { earlierMapping } from './earlier.js';
export { settleRenames } from './find.js';
export { joinStatements } from './joins.js';
export { type Mapped, readMapping } from './mapping.js';
export { keyOf, quote, quoted, type Rename, renameStatements } from './rename.js';
export { sequenceStatements } from './sequences.js';
export { type Name, readShape, sameName, type Table } from './shape.js';
