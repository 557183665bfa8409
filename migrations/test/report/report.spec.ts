import { mkdir, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { findBrowser } from '@bw/scripts/testing/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { loadDataMigration, runDataMigration } from '../../src/data/index.js';
import { createReport, watchReport } from '../../src/report/index.js';
import { createSandbox, type Sandbox } from '../deploy/sandbox.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.close());

const optionsOf = ({ service, url }: Sandbox) => ({
  root: dirname(service.folder),
  services: [service],
  urlOf: () => url,
  compare: false,
});

const users = 'model User {\n  id String @id\n  @@map("users")\n  @@schema("auth_schema")\n}';

/** One migration in each state. */
async function prepareStates(): Promise<void> {
  await sandbox.model(users);
  await sandbox.write('1_users', 'CREATE TABLE "auth_schema"."users" (id text PRIMARY KEY);');
  await sandbox.write('2_edited', 'ALTER TABLE "auth_schema"."users" ADD COLUMN email text;');
  await sandbox.deploy();
  await sandbox.write('2_edited', 'ALTER TABLE "auth_schema"."users" ADD COLUMN e_mail text;');
  await sandbox.write(
    '3_type',
    'ALTER TABLE "auth_schema"."users" ALTER COLUMN email TYPE char(5); -- <script>alert(1)</script>',
  );
}

async function writeDataMigration(root: string, name: string, service = 'auth'): Promise<void> {
  const folder = join(root, 'migrations/data-migrations');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, `20260101000000_${name}.ts`),
    `export default { service: '${service}', table: 'users', where: 'name IS NULL', set: "name = 'Ann'" };`,
  );
}

const executablePath = findBrowser();
const withBrowser = executablePath ? describe : describe.skip;

describe('the report', () => {
  it('is served to this machine by its own names only', async () => {
    await prepareStates();
    const live = await watchReport(optionsOf(sandbox), 0);
    const status = (host: string) =>
      new Promise((done, fail) =>
        get(live.url, { headers: { host } }, (answer: IncomingMessage) =>
          done(answer.resume().statusCode),
        ).on('error', fail),
      );
    try {
      expect(await status('localhost')).toBe(200);
      expect(await status(new URL(live.url).host)).toBe(200);
      expect(await status('report.example.com')).toBe(403);
    } finally {
      await live.close();
    }
  });

  it('shows every migration with its state and what its statements lock, and runs nothing', async () => {
    await prepareStates();
    const before = await sandbox.history();
    const page = await createReport(optionsOf(sandbox));
    expect(page).toContain('data-service="auth" data-state="applied"');
    expect(page).toContain('data-service="auth" data-state="edited"');
    expect(page).toContain('data-service="auth" data-state="pending"');
    expect(page).toMatch(
      /ACCESS EXCLUSIVE on auth_schema\.users \(about \d+ rows, [^)]+\) while the table is rewritten/,
    );
    expect(page).toMatch(/line 1, [a-z-]+: [^<]*auth_schema\.users/);
    expect(page).toMatch(/\d+ findings?<\/span>/);
    expect(await sandbox.history()).toEqual(before);
  });

  it('draws the tables as the schemas have them, synced or not', async () => {
    await prepareStates();
    await sandbox.model(`${users}\nmodel Invitation {\n  id String @id\n  @@schema("auth_schema")\n}`);
    expect(await createReport(optionsOf(sandbox))).toContain('Invitation');
  });

  it('shows what PostgreSQL said of a migration that failed', async () => {
    await sandbox.model(users);
    await sandbox.write('1_wrong', 'ALTER TABLE "auth_schema"."nothing" ADD COLUMN n int;');
    await expect(sandbox.deploy()).rejects.toThrow();
    const page = await createReport(optionsOf(sandbox));
    expect(page).toContain('data-state="failed"');
    expect(page).toContain('relation &quot;auth_schema.nothing&quot; does not exist');
  });

  it('shows how far a data migration is', async () => {
    await sandbox.model(users);
    await sandbox.write('1_users', 'CREATE TABLE "auth_schema"."users" (id text PRIMARY KEY, name text);');
    await sandbox.deploy();
    await sandbox.query(
      `INSERT INTO auth_schema.users SELECT lpad(n::text, 3, '0') FROM generate_series(1, 100) n`,
    );
    const { root } = optionsOf(sandbox);
    await writeDataMigration(root, 'fill_name');
    expect(await createReport(optionsOf(sandbox))).toContain('waiting');
    const migration = await loadDataMigration(root, 'fill_name');
    await runDataMigration({ migration, service: sandbox.service, url: sandbox.url });
    expect(await createReport(optionsOf(sandbox))).toContain('100 rows');
    // As it was when it was killed after the first forty.
    await sandbox.query(`UPDATE auth_schema.users SET name = NULL WHERE id > '040'`);
    await sandbox.query('ANALYZE auth_schema.users');
    await sandbox.query(
      `UPDATE auth_schema._data_migrations SET finished_at = NULL, cursor = '{040}', rows_done = 40`,
    );
    expect(await createReport(optionsOf(sandbox))).toMatch(
      /40 of about \d+ rows<\/span> <progress aria-label="20260101000000_fill_name" value="40" max="\d+">/,
    );
  });

  it('says nothing of data migrations of services that it is not about', async () => {
    await sandbox.model(users);
    const { root } = optionsOf(sandbox);
    await writeDataMigration(root, 'fill_name');
    await writeDataMigration(root, 'fill_title', 'post');
    const page = await createReport(optionsOf(sandbox));
    expect(page).toContain('20260101000000_fill_name');
    expect(page).not.toContain('20260101000000_fill_title');
  });

  it('loads nothing from anywhere and escapes what it shows', async () => {
    await prepareStates();
    await sandbox.write('4_markup', `COMMENT ON TABLE "auth_schema"."users" IS '<script>alert(1)</script>';`);
    const page = await createReport(optionsOf(sandbox));
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toMatch(/(src|href)="(?!data:|#)/);
  });
});

withBrowser('the report in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(() => browser.close());

  async function open(url: string): Promise<{ page: Page; errors: string[] }> {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(url);
    return { page, errors };
  }

  async function openFile(html: string) {
    const file = join(dirname(sandbox.service.folder), 'report.html');
    await writeFile(file, html);
    return open(`file://${file}`);
  }

  it('finds migrations by state and by what their SQL says, with the keyboard alone', async () => {
    await prepareStates();
    const { page, errors } = await openFile(await createReport(optionsOf(sandbox)));
    const shown = () => page.locator('#timeline details:visible .name').allTextContents();
    expect(await shown()).toEqual(['3_type', '2_edited', '1_users']);
    await page.keyboard.press('/');
    await page.keyboard.type('char(5)');
    expect(await shown()).toEqual(['3_type']);
    await page.locator('#search').fill('');
    await page.locator('#state').selectOption('edited');
    expect(await shown()).toEqual(['2_edited']);
    await page.locator('#timeline details:visible summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#timeline details:visible pre').last().textContent()).toContain(
      'ADD COLUMN e_mail',
    );
    expect(errors).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('fits on a phone, %s', async (colorScheme) => {
    await prepareStates();
    const long = 'move_what_nobody_looks_at_any_more_to_a_table_of_its_own_'.repeat(3);
    await sandbox.write(
      `4_${long}`,
      `ALTER TABLE "auth_schema"."users" ADD COLUMN "${long.slice(0, 63)}" int;`,
    );
    await writeDataMigration(optionsOf(sandbox).root, long);
    const { page, errors } = await openFile(await createReport(optionsOf(sandbox)));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme });
    for (const item of await page.locator('#timeline summary').all()) await item.click();
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    const back = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(wide).toBeLessThanOrEqual(360);
    expect(back).toBe(colorScheme === 'light' ? 'rgb(245, 247, 250)' : 'rgb(15, 19, 24)');
    expect(errors).toEqual([]);
  });

  it('keeps what is open and where the keyboard is while it is watched', async () => {
    await prepareStates();
    await sandbox.write('2_edited', 'ALTER TABLE "auth_schema"."users" ADD COLUMN email text;');
    const live = await watchReport(optionsOf(sandbox), 0);
    try {
      const { page } = await open(live.url);
      await page.locator('[id="auth/1_users"] summary').press('Enter');
      await sandbox.deploy();
      await page.locator('[id="auth/3_type"][data-state="applied"]').waitFor();
      await page.locator('[id="auth/1_users"][open] summary:focus').waitFor();
      await page.keyboard.press('Enter');
      await page.locator('[id="auth/1_users"]:not([open])').waitFor();
    } finally {
      await live.close();
    }
  });

  it('follows a deploy while it is watched', async () => {
    await prepareStates();
    await sandbox.write('2_edited', 'ALTER TABLE "auth_schema"."users" ADD COLUMN email text;');
    const live = await watchReport(optionsOf(sandbox), 0);
    try {
      const { page, errors } = await open(live.url);
      await page.locator('[data-state="pending"]').waitFor();
      await sandbox.deploy();
      await page.locator('[id="auth/3_type"][data-state="applied"]').waitFor();
      expect(errors).toEqual([]);
    } finally {
      await live.close();
    }
  });

  it('follows a backfill and what is pending while it is watched', async () => {
    await sandbox.model(users.replace('@id', '@id\n  name String?'));
    await sandbox.write('1_users', 'CREATE TABLE "auth_schema"."users" (id text PRIMARY KEY, name text);');
    const live = await watchReport({ ...optionsOf(sandbox), compare: true }, 0);
    try {
      const { page, errors } = await open(live.url);
      await page.getByText('1 pending').waitFor();
      await page.getByText('The database differs').waitFor();
      await sandbox.deploy();
      await page.getByText('1 applied').waitFor();
      await page.getByText('The database is what the schema says').waitFor();
      const end = await beginBackfill();
      await page.locator('#data progress').waitFor();
      await end();
      await page.locator('#data .done').waitFor();
      expect(await page.locator('#data').textContent()).toContain('20,000 rows');
      expect(errors).toEqual([]);
    } finally {
      await live.close();
    }
  });

  /** One that has done some rows and waits for the last of them, which is locked until `end` is called. */
  async function beginBackfill(): Promise<() => Promise<unknown>> {
    await sandbox.query(
      "INSERT INTO auth_schema.users SELECT lpad(n::text, 5, '0') FROM generate_series(1, 20000) n",
    );
    const { root } = optionsOf(sandbox);
    await writeDataMigration(root, 'fill_name');
    const client = await sandbox.connect();
    await client.query("BEGIN; SELECT 1 FROM auth_schema.users WHERE id = '20000' FOR UPDATE");
    const migration = await loadDataMigration(root, 'fill_name');
    const run = runDataMigration({ migration, service: sandbox.service, url: sandbox.url });
    return async () => {
      await client.query('COMMIT');
      return run;
    };
  }

  it('is quiet and complete with 500 migrations and 300 tables', async () => {
    const tables = Array.from({ length: 300 }, (_, n) =>
      users.replaceAll('User', `User${n}`).replaceAll('users', `users${n}`),
    );
    await sandbox.model(tables.join('\n'));
    for (let n = 0; n < 500; n++)
      await sandbox.write(`${1000 + n}_step`, `CREATE TABLE "auth_schema"."t${n}" (id text);`);
    const root = dirname(sandbox.service.folder);
    await mkdir(join(root, 'migrations'), { recursive: true });
    const { page, errors } = await openFile(await createReport(optionsOf(sandbox)));
    expect(await page.locator('#timeline details').count()).toBe(500);
    expect(await page.locator('.diagram [data-table]').count()).toBe(300);
    await page.locator('#tables').fill('users299');
    expect(await page.locator('.diagram [data-table]:not(.dim)').count()).toBe(1);
    expect(errors).toEqual([]);
  }, 60_000);
});
