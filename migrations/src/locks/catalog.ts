import type { Node } from 'libpg-query';
import type { Name } from '../sql/index.js';

export interface Column {
  /** As `writeType` writes it. */
  type: string;
  notNull: boolean;
}

export type ConstraintKind = 'primary' | 'unique' | 'foreign' | 'check' | 'exclusion';

export interface Constraint {
  name: string;
  kind: ConstraintKind;
  columns: string[];
  references?: Name;
  /** The columns of the other table that it refers to, where it names them. */
  referenced?: string[];
  expression?: Node | undefined;
  /** False between NOT VALID and VALIDATE. */
  valid: boolean;
}

export interface Index {
  name: string;
  /** Its columns in order, until the first expression. */
  columns: string[];
  /** Those that its expressions and its condition name; empty for an index of whole columns over all rows. */
  mentions: string[];
  unique: boolean;
  /** A btree of whole columns over all rows, so that another one can take its place. */
  plain: boolean;
}

export interface Table extends Name {
  columns: Map<string, Column>;
  constraints: Map<string, Constraint>;
  indexes: Map<string, Index>;
  policies: Set<string>;
  rowSecurity: boolean;
  partitionOf: Name | undefined;
  /** The partition for the rows that belong to no other. */
  isDefault: boolean;
  /** Created since `beginMigration`: nobody else can be using it. */
  isNew: boolean;
}

/** What is known of a database from the statements that made it. Pure data: `replay` fills it, nothing asks a server. */
export class Catalog {
  readonly tables = new Map<string, Table>();
  /** The values of each enum, in order. */
  readonly enums = new Map<string, string[]>();
  /** Domains that have a constraint: a new column of one rewrites its table. */
  readonly domains = new Map<string, { constrained: boolean; isNew: boolean }>();
  /** The service's own functions that are declared not to be volatile. */
  readonly steadyFunctions = new Set<string>();
  /** What the script has SET so far: `timezone` decides what a change to timestamptz costs. */
  readonly settings = new Map<string, string>();

  /** `schema` is where unqualified names are found. */
  constructor(readonly schema: string) {}

  key({ schema, name }: Name): string {
    return `${schema ?? this.schema}.${name}`;
  }

  table(name: Name): Table | undefined {
    return this.tables.get(this.key(name));
  }

  isNew(name: Name): boolean {
    return this.table(name)?.isNew ?? false;
  }

  isSame(a: Name, b: Name): boolean {
    return this.key(a) === this.key(b);
  }

  /** The table an index belongs to; an index lives in its table's schema. */
  tableOfIndex({ schema = this.schema, name }: Name): Table | undefined {
    return [...this.tables.values()].find((table) => table.schema === schema && table.indexes.has(name));
  }

  /** The foreign keys of other tables that point to one. */
  referencesTo(name: Name): { table: Table; constraint: Constraint }[] {
    return [...this.tables.values()].flatMap((table) =>
      [...table.constraints.values()]
        .filter(({ references }) => references && this.isSame(references, name))
        .map((constraint) => ({ table, constraint })),
    );
  }

  /** At most one. What it holds may belong to a partition that comes, so it is locked and read with every such. */
  defaultPartitionsOf(parent: Name): Table[] {
    return [...this.tables.values()].filter(
      ({ isDefault, partitionOf }) => isDefault && partitionOf && this.isSame(partitionOf, parent),
    );
  }

  /** From here on, what exists is in use. */
  beginMigration(): void {
    for (const table of this.tables.values()) table.isNew = false;
    for (const domain of this.domains.values()) domain.isNew = false;
    this.settings.clear();
  }
}
