import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { basename, dirname, relative } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../errors/index.js';
import { checksum, matchesChecksum, readHistory, spellingsOf } from '../history/index.js';
import type { Service } from '../services/index.js';
import { migrationUrl } from '../settings/index.js';
import type { Applied } from './rule.js';

/** What a service's database says was applied. */
export async function appliedInDatabase(service: Service): Promise<Applied> {
  const { close, connect } = await import('../connection/index.js');
  const client = await connect({ url: migrationUrl(service), applicationName: 'db lint' });
  try {
    const rows = (await readHistory(client, service.schema)) ?? [];
    const finished = rows.filter((row) => row.finished_at && !row.rolled_back_at);
    const checksums = new Map(finished.map((row) => [row.migration_name, row.checksum]));
    return {
      where: `the database of ${service.name}`,
      names: new Set(checksums.keys()),
      isUnchanged: (migration) =>
        matchesChecksum(
          { ...migration, checksum: checksum(migration.sql) },
          checksums.get(migration.name) ?? '',
        ),
    };
  } finally {
    await close(client);
  }
}

/** What a branch has: once it is there, others have applied it. */
export async function appliedOnBranch(service: Service, ref: string): Promise<Applied> {
  const folder = relative(service.folder, service.migrationsFolder);
  const { stdout } = await promisify(execFile)('git', ['ls-tree', '-r', '-z', ref, '--', folder], {
    cwd: service.folder,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((cause: Error) => {
    throw new UserError('UNKNOWN_BASE', `git does not know what ${ref} has: ${firstLine(cause.message)}`, {
      hint: 'Name a branch or commit that was fetched, such as origin/main.',
      cause,
    });
  });
  const hashes = new Map(stdout.split('\0').flatMap(readEntry));
  return {
    where: ref,
    names: new Set(hashes.keys()),
    isUnchanged: ({ name, sql }) => spellingsOf(sql).some((text) => blobHash(text) === hashes.get(name)),
  };
}

/** `MODE blob HASH<tab>PATH`: only scripts count. */
function readEntry(entry: string): [string, string][] {
  const [about = '', path = ''] = entry.split('\t');
  const hash = about.split(' ')[2];
  return hash && basename(path) === 'migration.sql' ? [[basename(dirname(path)), hash]] : [];
}

/** As git names a file's content. */
const blobHash = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');

const firstLine = (message: string) =>
  message.split('\n').find((line) => line.startsWith('fatal:')) ?? message;
