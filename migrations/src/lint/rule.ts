import type { AlterTableCmd, Node } from 'libpg-query';
import type { Catalog, Lock, Work } from '../locks/index.js';
import type { Name, Script, Statement } from '../sql/index.js';
import type { Level } from './finding.js';

/** What a rule objects to. */
export interface Problem {
  message: string;
  help: string;
  /** Where, counted from 1, if not where the statement begins. */
  at?: { line: number; column: number };
}

export interface Rule {
  /** Also the name of its file, its spec and its page in docs/rules/. */
  id: string;
  /** One line for lists of rules. */
  title: string;
  level: Level;
  /** The findings of squawk it builds on. */
  squawk?: string[];
  check?: (context: StatementContext) => Iterable<Problem>;
  /** For what concerns a migration as a whole. */
  checkMigration?: (context: MigrationContext) => Iterable<Problem>;
}

export interface MigrationSource {
  name: string;
  file: string;
  sql: string;
}

export interface MigrationContext {
  migration: MigrationSource;
  script: Script;
  service: ServiceNames | undefined;
  /** What is known to have been applied somewhere; undefined when nothing was asked. */
  applied: Applied | undefined;
}

export interface StatementContext extends MigrationContext {
  node: Node;
  statement: Statement;
  /** What the statements before it made. */
  catalog: Catalog;
  /** What the whole history makes. */
  final: Catalog;
  locks: Lock[];
  work: Work;
  /** The tables, types and other objects it names. */
  names: Name[];
  /** The commands of an ALTER TABLE; none for other statements. */
  alterations: Alteration[];
  /** What ran before it in the same transaction, and in the same migration. */
  earlier: Examined[];
  earlierInFile: Examined[];
  /** What follows it in the migration. */
  later: Statement[];
  /** Whether it stands between BEGIN and COMMIT. */
  isInBlock: boolean;
  squawk: SquawkFinding[];
}

export interface Examined {
  statement: Statement;
  locks: Lock[];
  work: Work;
}

export interface Alteration {
  table: Name;
  command: AlterTableCmd;
  /** The table was created by the same migration. */
  isNew: boolean;
}

export interface SquawkFinding {
  rule: string;
  message: string;
  /** Counted from 1. */
  line: number;
  column: number;
}

/** What a rule needs to know of the service a migration belongs to. */
export interface ServiceNames {
  name: string;
  schema: string;
  /** The services by the schema each owns. */
  owners: Map<string, string>;
  /** What schema.prisma declares; undefined when it is not known or no migration needs it. */
  declared: Declared | undefined;
}

/** The names in the database that a schema.prisma declares, as `schema.name`. */
export interface Declared {
  /** The columns of each table. */
  tables: Map<string, Set<string>>;
  /** The values of each enum, in order. */
  enums: Map<string, string[]>;
}

export interface Applied {
  /** For messages: `origin/main`, `the database of auth`. */
  where: string;
  names: Set<string>;
  isUnchanged: (migration: MigrationSource) => boolean;
}
