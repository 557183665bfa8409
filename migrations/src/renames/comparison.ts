import type { Mapped } from './mapping.js';
import type { Rename } from './rename.js';
import type { Shape } from './shape.js';

export interface Comparison {
  /** What the migrations make, and what the schema asks for. */
  before: Shape;
  after: Shape;
  /** The names of the schema as it was last synced, as far as known, and as it is now. */
  earlier: Mapped[];
  current: Mapped[];
}

export interface Found {
  /** The same model, field, enum or value under another name in the database. */
  certain: Rename[];
  /** One gone and one new: only the author knows. Those that are alike are worth a question. */
  possible: Candidate[];
}

export interface Candidate {
  rename: Rename;
  alike: boolean;
}

/** Says which of the candidates are renames. Whoever asks a person and whoever reads flags are both one of these. */
export type Decide = (candidates: Candidate[]) => Promise<Rename[]>;
