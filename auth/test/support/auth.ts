import 'reflect-metadata';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { type RunningService, startService } from '@bw/service-kit/service';
import { expect } from '@jest/globals';
import { Pool } from 'pg';
import { AdministratorsService } from '../../src/administration/administrators.service.js';
import { authService } from '../../src/service.js';
import { Client } from './client.js';
import { environment } from './environment.js';
import { findLeaks, password } from './leaks.js';
import { LogLines } from './log-lines.js';

export { password } from './leaks.js';

/** Auth on a database of its own, over real HTTP, with its mails in a folder and its log lines kept. */
export class Auth {
  readonly client: Client;
  private people = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly service: RunningService,
    readonly admin: Pool,
    readonly log: LogLines,
    readonly settings: Record<string, string>,
  ) {
    this.client = new Client(service.url);
  }

  static async start(overrides: Record<string, string> = {}): Promise<Auth> {
    const database = await createTestDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'auth-mail-'));
    const settings = environment(database.url('auth_app'), { MAIL_FOLDER: folder, ...overrides });
    const log = new LogLines();
    const service = await startService({ ...authService(settings), log: log.log });
    return new Auth(
      database,
      service,
      new Pool({ connectionString: database.adminUrl, max: 2 }),
      log,
      settings,
    );
  }

  /** Another process's worth of the service on the same database. */
  startReplica(): Promise<RunningService> {
    return startService({ ...authService(this.settings), log: this.log.log });
  }

  /** Every answer and every log line of the whole run is searched for what must not be in it. */
  async stop(): Promise<void> {
    await this.service.stop();
    const leaks = await findLeaks(this);
    await this.admin.end();
    await this.database.drop();
    await rm(this.settings.MAIL_FOLDER ?? '', { recursive: true, force: true });
    expect(leaks).toEqual([]);
  }

  /** A new user who is signed in. */
  async person(overrides: Record<string, string> = {}) {
    this.people += 1;
    const email = overrides.email ?? `person${this.people}-${Date.now()}@example.com`;
    const { body } = await this.client.post('/v1/auth/signup', { email, password, ...overrides });
    return { ...body, email, id: body.user.id };
  }

  async administrator() {
    const email = `admin${Date.now()}@example.com`;
    const { token } = await this.service.app.get(AdministratorsService).create(email);
    await this.client.post('/v1/auth/password/reset', { token, password });
    const { body } = await this.client.post('/v1/auth/login', { email, password });
    return { ...body, email, id: body.user.id };
  }

  /** Lets a change commit just when requests, sent one by one after it began, have all come to wait for it. */
  async overtake<T>(change: string, ...requests: (() => Promise<T>)[]): Promise<T[]> {
    const other = await this.admin.connect();
    try {
      await other.query('BEGIN');
      await other.query(change);
      const answers: Promise<T>[] = [];
      for (const request of requests) {
        answers.push(request());
        await eventually(async () => {
          const { rows } = await this.admin.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          expect(rows).toHaveLength(answers.length);
        });
      }
      await other.query('COMMIT');
      return await Promise.all(answers);
    } finally {
      other.release();
    }
  }

  /** The newest mail to an address, once it has been sent. */
  async mailTo(address: string, subject: string): Promise<string> {
    return eventually(async () => {
      const mails = await this.mails();
      const found = mails.findLast((mail) => mail.includes(`To: ${address}\n`) && mail.includes(subject));
      if (!found) throw new Error(`no mail "${subject}" to ${address} yet`);
      return found;
    });
  }

  async tokenMailedTo(address: string, subject: string): Promise<string> {
    return /token=([\w-]+)/.exec(await this.mailTo(address, subject))?.[1] ?? '';
  }

  private async mails(): Promise<string[]> {
    const folder = this.settings.MAIL_FOLDER ?? '';
    const files = (await readdir(folder)).sort();
    return Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  }
}

/** Tries until it works; what it threw last is the failure. */
export async function eventually<T>(attempt: () => Promise<T>, patience = 30_000): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
