import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '@bw/migrations/errors';
import { createReport } from '@bw/migrations/report';
import { findServices } from '@bw/migrations/services';
import { chromium } from 'playwright-core';
import { say } from '../terminal/index.js';
import { findBrowser } from '../testing/browser/index.js';
import { type Measurement, medianOf } from './report.js';
import { createSite, type Site } from './site.js';

const migrations = 500;
const tables = 300;

/** How soon the report of a large database is there, and on the screen. */
export async function measure(): Promise<Measurement[]> {
  const executablePath = findBrowser();
  if (!executablePath)
    throw new UserError('NO_BROWSER', 'There is no Chromium on this machine.', {
      hint: 'Install one: apt-get install chromium',
    });
  const site = await createSite();
  try {
    await writeRepository(site);
    say(`Reporting ${migrations} migrations and ${tables} tables …`);
    const began = performance.now();
    const page = await createReport(optionsOf(site));
    const written = performance.now() - began;
    const file = join(site.root, 'report.html');
    await writeFile(file, page);
    const painted = await medianOf(5, () => firstPaint(executablePath, pathToFileURL(file).href));
    return [
      { what: 'report collected and written', value: written, unit: 'ms' },
      { what: 'its size', value: page.length / 1e6, unit: 'MB' },
      { what: 'from opening it to its first paint', value: painted, unit: 'ms', target: 1_000 },
    ];
  } finally {
    await site.remove();
  }
}

async function writeRepository(site: Site): Promise<void> {
  await site.empty();
  const service = join(site.root, 'auth/prisma');
  for (let n = 0; n < migrations; n++) {
    const folder = join(service, `migrations/20260101${String(n).padStart(6, '0')}_step`);
    await mkdir(folder);
    await writeFile(join(folder, 'migration.sql'), scriptOf(n));
  }
  await writeFile(
    join(service, 'schema.prisma'),
    [head, ...Array.from({ length: tables }, (_, n) => modelOf(n))].join('\n'),
  );
  await mkdir(join(site.root, 'migrations'));
}

const optionsOf = ({ root, ownerUrl }: Site) => ({
  root,
  services: findServices(root),
  urlOf: () => ownerUrl,
  compare: false,
});

const head = `generator client {
  provider = "prisma-client"
  output   = "../src/generated/prisma"
}
datasource db {
  provider = "postgresql"
  schemas  = ["auth_schema"]
}`;

const scriptOf = (n: number): string =>
  n < tables
    ? `CREATE TABLE "auth_schema"."t${n}" (id text PRIMARY KEY, name text, parent text, at timestamptz);`
    : `ALTER TABLE "auth_schema"."t${n - tables}" ADD COLUMN "note" text;\nCREATE INDEX "t${n}_name" ON "auth_schema"."t${n - tables}" (name);`;

/** Every third points at another, so that there are relations to draw. */
const modelOf = (n: number): string => `model T${n} {
  id     String    @id
  name   String?
  at     DateTime? @db.Timestamptz(6)
  parent String? ${n % 3 === 0 && n > 0 ? `/// @references auth_schema.t${n - 1}` : ''}
  @@map("t${n}")
  @@schema("auth_schema")
}`;

async function firstPaint(executablePath: string, url: string): Promise<number> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const script = `new Promise((done) => new PerformanceObserver((list) => done(list.getEntriesByName('first-contentful-paint')[0]?.startTime))
      .observe({ type: 'paint', buffered: true }))`;
    return Number(await page.evaluate(script));
  } finally {
    await browser.close();
  }
}
