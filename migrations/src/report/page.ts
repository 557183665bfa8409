import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describePlannedLock } from '../plan/describe.js';
import type { MigrationReport, Report, ServiceReport } from './collect.js';
import type { DataReport } from './data-migrations.js';
import { type Html, html, raw } from './html.js';

/** The parts of the page that change while a deploy runs, by the id of the element they fill. */
export function renderParts(report: Report): Record<string, string> {
  return {
    summary: summary(report).text,
    timeline: timeline(report).text,
    data: dataMigrations(report).text,
  };
}

/** One file with everything in it: no network, light and dark, of use without its script. */
export async function renderPage(report: Report, diagram: string, { live = false } = {}): Promise<string> {
  const asset = (name: string) => readFile(join(import.meta.dirname, 'assets', name), 'utf8');
  const [style, script] = await Promise.all([asset('report.css'), asset('report.js')]);
  const parts = renderParts(report);
  const names = report.services.map(({ name }) => name);
  const page = html`<!doctype html>
<html lang="en"${raw(live ? ' data-live="1"' : '')}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Migrations of ${names.join(', ')}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
<header><h1>Migrations</h1>
<p class="soft">${live ? 'Followed since' : 'As of'} ${time(report.createdAt)}</p>
<nav aria-label="Parts"><a href="#history">Timeline</a><a href="#data-migrations">Data migrations</a><a href="#diagram">Tables</a></nav>
</header>
<main>
<section id="summary" class="services" aria-label="Services">${raw(parts.summary ?? '')}</section>
<section id="history" aria-labelledby="timeline-title">
<h2 id="timeline-title">Timeline</h2>
<div class="filters">
<input type="search" id="search" placeholder="Search names and SQL (press /)" aria-label="Search names and SQL">
<select id="service" aria-label="Service"><option value="">every service</option>${names.map(option)}</select>
<select id="state" aria-label="State"><option value="">every state</option>${states.map(option)}</select>
<span id="shown" class="soft" role="status"></span>
</div>
<div id="timeline">${raw(parts.timeline ?? '')}</div>
</section>
<section id="data-migrations" aria-labelledby="data-title">
<h2 id="data-title">Data migrations</h2>
<div id="data">${raw(parts.data ?? '')}</div>
</section>
<section id="diagram" aria-labelledby="tables-title">
<h2 id="tables-title">Tables</h2>
<div class="filters"><input type="search" id="tables" placeholder="Find a table or column" aria-label="Find a table or column"></div>
<div class="diagram" tabindex="0" role="region" aria-label="Diagram of the tables">${raw(diagram)}</div>
</section>
</main>
<script>${raw(script)}</script>
</body>
</html>
`;
  return page.text;
}

const states = ['pending', 'running', 'failed', 'edited', 'unknown', 'applied'];
const option = (name: string): Html => html`<option>${name}</option>`;

const summary = ({ services }: Report): Html => html`${services.map(card)}`;

function card({ name, migrations, drift }: ServiceReport): Html {
  const counts = states
    .map((state) => ({ state, count: migrations.filter((migration) => migration.state === state).length }))
    .filter(({ count }) => count > 0);
  return html`<div class="card"><h3>${name}</h3>
<div>${counts.length > 0 ? counts.map(({ state, count }) => html`<span class="badge ${state}">${count} ${state}</span> `) : html`<span class="soft">No migrations yet.</span>`}</div>
${driftOf(drift)}</div>`;
}

function driftOf(drift: string | undefined): Html {
  if (drift === undefined) return html``;
  if (drift === '') return html`<p class="none">The database is what the schema says.</p>`;
  return html`<p class="found">The database differs from the schema:</p><pre tabindex="0">${drift}</pre>`;
}

/** Newest first: what waits, then what was applied last. */
function timeline({ services }: Report): Html {
  const rank = ({ appliedAt }: MigrationReport) => appliedAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
  const all = services
    .flatMap(({ migrations }) => migrations)
    .toSorted((a, b) => rank(b) - rank(a) || (a.name < b.name ? 1 : -1));
  return all.length > 0 ? html`${all.map(item)}` : html`<p class="soft">No migrations yet.</p>`;
}

function item({ service, name, state, appliedAt, reason, statements, findings }: MigrationReport): Html {
  return html`<details id="${service}/${name}" data-service="${service}" data-state="${state}">
<summary><span class="name">${name}</span><span class="soft">${service}</span><span>${findings.length > 0 ? html`<span class="badge found">${findingsOf(findings.length)}</span>` : html``}</span><span class="badge ${state}">${state}</span>${appliedAt ? time(appliedAt) : html``}</summary>
<div>${reason ? html`<pre class="${state}" tabindex="0">${reason}</pre>` : html``}
${statements.map(({ text, locks }) => html`<pre tabindex="0">${text};</pre>${facts(locks.map(describePlannedLock))}`)}
${facts(
  findings.map(({ line, rule, message }) => `line ${line}, ${rule}: ${message}`),
  'found',
)}</div>
</details>`;
}

const findingsOf = (count: number): string => (count === 1 ? '1 finding' : `${count} findings`);

const facts = (lines: string[], kind = ''): Html =>
  lines.length > 0
    ? html`<ul class="facts ${kind}">${lines.map((line) => html`<li>${line}</li>`)}</ul>`
    : html``;

function dataMigrations({ services, waitingData }: Report): Html {
  const begun = services.flatMap(({ name, dataMigrations }) =>
    dataMigrations.map((state) => dataItem(name, state)),
  );
  const waiting = waitingData.map(
    (name) => html`<div class="card"><span class="badge pending">waiting</span> ${name}</div>`,
  );
  return begun.length + waiting.length > 0
    ? html`${[...begun, ...waiting]}`
    : html`<p class="soft">None.</p>`;
}

function dataItem(service: string, { name, rows_done, total, finished_at }: DataReport): Html {
  const state = finished_at ? 'done' : 'running';
  return html`<div class="card"><span class="badge ${state}">${state}</span> <span class="name">${name}</span> <span class="soft">${service}, ${rowsOf(rows_done, total)}</span> ${finished_at ? time(finished_at) : bar(name, rows_done, total)}</div>`;
}

const count = (rows: number): string => rows.toLocaleString('en');

const rowsOf = (done: number, total = done): string =>
  total > done ? `${count(done)} of about ${count(total)} rows` : `${count(done)} rows`;

const bar = (name: string, done: number, total: number | undefined): Html =>
  total
    ? html`<progress aria-label="${name}" value="${done}" max="${total}"></progress>`
    : html`<progress aria-label="${name}"></progress>`;

const time = (date: Date): Html =>
  html`<time class="soft" datetime="${date.toISOString()}">${date.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>`;
