import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseEnv } from 'node:util';
import { findRoot } from '@bw/migrations/services';
import { freePort } from '@bw/scripts/processes';
import pg from 'pg';

const original = findRoot(import.meta.dirname);

export interface Outcome {
  code: number;
  output: string;
}

/** A repository of its own, with this one's commands and one small service, on ports nobody else uses. */
export class TestRepository {
  readonly service = 'greeting';

  private constructor(
    readonly root: string,
    readonly ports: { postgres: number; http: number; grpc: number },
  ) {}

  static async create(parent = tmpdir()): Promise<TestRepository> {
    // Spaces, because a clone may be anywhere.
    const root = await mkdtemp(join(parent, 'bw clone '));
    const [postgres, http, grpc] = await Promise.all([freePort(), freePort(), freePort()]);
    const repository = new TestRepository(root, { postgres, http, grpc });
    await repository.copyCommands();
    await repository.addService();
    repository.markAsInstalled();
    return repository;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** Runs one of the root commands as a user would. */
  run(command: string, args: string[] = [], env: Record<string, string> = {}): Promise<Outcome> {
    const ports = {
      POSTGRES_PORT: String(this.ports.postgres),
      GREETING_HTTP_PORT: String(this.ports.http),
      GREETING_GRPC_PORT: String(this.ports.grpc),
    };
    // Jest's own flags are not for the processes under test.
    const { NODE_OPTIONS: _, ...clean } = process.env;
    const options = { cwd: tmpdir(), env: { ...clean, ...ports, ...env } };
    return new Promise((done) => {
      execFile(this.path(command), args, options, (error, stdout, stderr) =>
        done({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
      );
    });
  }

  async greeting(): Promise<string> {
    const answer = await fetch(this.url).catch(() => undefined);
    return answer?.text() ?? '';
  }

  environment(name: string): Record<string, string | undefined> {
    return parseEnv(readFileSync(this.path('.data/env', `${name}.env`), 'utf8'));
  }

  pids() {
    const read = (...path: string[]) =>
      Number.parseInt(readFileSync(this.path('.data', ...path), 'utf8'), 10);
    return {
      postgres: read('postgres/data/postmaster.pid'),
      watch: read('run/watch.pid'),
      service: read('run/greeting.pid'),
    };
  }

  /** Processes that have loaded the packages of the service and wait to become it. */
  waiting(): number[] {
    return this.processes('preload.js', this.path(this.service)).filter((pid) => pid !== this.pids().service);
  }

  compilers(): number[] {
    return this.processes(this.path('scripts/build.mjs'));
  }

  private processes(...marks: string[]): number[] {
    const processes = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' });
    return processes
      .split('\n')
      .filter((line) => marks.every((mark) => line.includes(mark)))
      .map((line) => Number.parseInt(line, 10));
  }

  /** As the service's runtime role. */
  async query(sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: this.environment('greeting').DATABASE_URL });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await this.run('dev-stop.sh', ['-v', '--yes']);
    await rm(this.root, { recursive: true, force: true });
  }

  private async copyCommands(): Promise<void> {
    const files = ['dev.sh', 'dev-stop.sh', 'package.json', 'yarn.lock', '.yarnrc.yml', '.swcrc'];
    const isOwn = (path: string) => !['node_modules', 'test'].includes(basename(path));
    for (const name of [...files, 'scripts', 'migrations']) {
      await cp(join(original, name), this.path(name), {
        recursive: true,
        filter: isOwn,
        preserveTimestamps: true,
      });
    }
    await mkdir(this.path('node_modules/@bw'), { recursive: true });
    const itsOwn = ['@bw', '.installed'];
    for (const name of await readdir(join(original, 'node_modules'))) {
      if (!itsOwn.includes(name))
        await symlink(join(original, 'node_modules', name), this.path('node_modules', name));
    }
    for (const name of ['scripts', 'migrations']) {
      await symlink(this.path(name), this.path('node_modules/@bw', name));
      const own = join(original, name, 'node_modules');
      if (existsSync(own)) await symlink(own, this.path(name, 'node_modules'));
    }
  }

  private async addService(): Promise<void> {
    const folder = this.path(this.service);
    await cp(join(import.meta.dirname, 'service'), folder, { recursive: true });
    await cp(join(original, 'auth/prisma.config.ts'), join(folder, 'prisma.config.ts'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: '@bw/greeting', type: 'module' }));
    await writeFile(join(folder, '.env.example'), `HTTP_PORT=1\nGRPC_PORT=2\nGREETING_SECRET=\${RANDOM}\n`);
  }

  private markAsInstalled(): void {
    const declared =
      'cat package.json */package.json yarn.lock .yarnrc.yml | cksum > node_modules/.installed';
    execFileSync('bash', ['-c', declared], { cwd: this.root });
  }
}
