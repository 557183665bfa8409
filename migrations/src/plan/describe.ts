import type { PlannedLock } from './statements.js';

const works: Record<PlannedLock['work'], string> = {
  brief: 'for a moment',
  unknown: 'for as long as it takes',
  rows: 'while it writes rows; only writers of the same rows wait',
  scan: 'while the table is read',
  rewrite: 'while the table is rewritten',
};

/** `ACCESS EXCLUSIVE on auth_schema.users (about 5000 rows, 1.2 MiB) while the table is rewritten`. */
export function describePlannedLock({ table, mode, work, rows, bytes }: PlannedLock): string {
  const count = rows === null ? 'never analyzed' : `about ${rows} rows`;
  const size = bytes === undefined ? 'new' : `${count}, ${formatBytes(bytes)}`;
  return `${mode} on ${table} (${size}) ${works[work]}`;
}

function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
