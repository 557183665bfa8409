import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServices } from '@bw/migrations/services';

export interface Outcome {
  code: number;
  /** stdout and stderr, in the order they came. */
  output: string;
}

const root = join(import.meta.dirname, '../../..');

const written = ['.yarn-state.yml', '.installed'].map((file) => join('node_modules', file));

// Between two file systems there are no hard links.
const copying = { recursive: true, verbatimSymlinks: true, force: true };

/** A copy of the working tree, with its packages, in a folder of its own. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'bw-containers-'));

  constructor(private readonly env: Record<string, string> = {}) {
    const options = { cwd: root, encoding: 'utf8' } as const;
    const listed = execFileSync(
      'git',
      ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
      options,
    );
    for (const file of listed.split('\0').filter((name) => name && existsSync(join(root, name)))) {
      cpSync(join(root, file), join(this.folder, file), { force: true, recursive: true });
    }
    this.copyPackages();
    for (const git of [
      ['init', '-q'],
      ['add', '-A'],
    ])
      execFileSync('git', git, { cwd: this.folder });
  }

  /** Hard links: as good as a copy for packages, and there at once. What an installation writes to is copied. */
  private copyPackages(): void {
    const folders = ['node_modules', ...readdirSync(root).map((name) => join(name, 'node_modules'))];
    for (const folder of folders.filter((name) => existsSync(join(root, name)))) {
      const paths = [join(root, folder), join(this.folder, folder)];
      const linked = spawnSync('cp', ['-al', ...paths], { stdio: 'ignore' });
      if (linked.status !== 0) cpSync(join(root, folder), join(this.folder, folder), copying);
    }
    for (const state of written.filter((file) => existsSync(join(root, file)))) {
      rmSync(join(this.folder, state));
      cpSync(join(root, state), join(this.folder, state));
    }
  }

  /** Runs a line as a person would type it into a shell. */
  shell(line: string, env: Record<string, string> = {}): Promise<Outcome> {
    const options = {
      cwd: this.folder,
      env: { ...process.env, ...this.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    };
    return new Promise((done) => {
      execFile('bash', ['-c', `{ ${line}\n} 2>&1`], options, (error, output) => {
        done({ code: error ? Number(error.code ?? 1) : 0, output });
      });
    });
  }

  /** The same for a line that has to succeed; answers what it printed. */
  async run(line: string, env: Record<string, string> = {}): Promise<string> {
    const { code, output } = await this.shell(line, env);
    if (code !== 0) throw new Error(`${line} ended with ${code}:\n${output}`);
    return output;
  }

  /** Makes a new version of a service, which says so when it starts. */
  edit(service: string, text: string): void {
    appendFileSync(join(this.folder, service, 'src/main.ts'), `\nconsole.error('${text}');\n`);
  }

  /** Needs Yarn. */
  addService(name: string): Promise<string> {
    return this.run(`node scripts/build.mjs && yarn new:service ${name}`);
  }

  addMigration(service: string, name: string, sql: string): void {
    const folder = join(this.folder, service, 'prisma/migrations', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'migration.sql'), sql);
  }

  /** Stops and removes everything the checkout started, volumes included. */
  async dispose(): Promise<void> {
    for (const kind of ['prod', 'dev'])
      await this.shell(
        `docker compose -f docker-compose.${kind}.yml --profile setup down -v --remove-orphans --timeout 5`,
      );
    const next = findServices(this.folder).map(({ name }) => `bw-${name}-service-next`);
    await this.shell(`docker rm -f ${next.join(' ')}`);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
