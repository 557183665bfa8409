/**
 * In this order: an index goes before its column does, and nothing is required before it has been filled in. What
 * others leave empty meanwhile is filled in once more, when a check keeps them from it and before it is validated. A
 * primary key requires its columns, which is for free where they are required already. An index that another one
 * replaces goes last.
 */
export const phases = [
  'drop',
  'main',
  'fill',
  'index',
  'constrain',
  'refill',
  'validate',
  'require',
  'key',
  'replaced',
] as const;

/** What belongs into one migration, at most together with its neighbours. */
export interface Piece {
  phase: (typeof phases)[number];
  /** Existing tables whose readers or writers it stops, however shortly. */
  locks: string[];
  sql: string;
  /** PostgreSQL runs it only outside of a transaction, or it would hold its locks while others work. */
  alone?: boolean;
  /** Shares a migration only with others of the same kind: what comes later needs it committed. */
  apart?: 'values';
  /** The column that it fills in. */
  fills?: { table: string; column: string };
  /** What takes its place, in later phases, where it cannot be in one migration with what comes before it. */
  otherwise?: Piece[];
  /** Ends the name of a migration of its own. */
  label: string;
}
