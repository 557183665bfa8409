import { type Box, headerHeight, type Layout, rowHeight } from './layout.js';
import type { Column, DatabaseModel, Relation, Table } from './model.js';

/** The laid-out model as a picture of its own: no script, no network, light and dark by the viewer's preference. */
export function toSvg(model: DatabaseModel, layout: Layout): string {
  const { width, height } = layout;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-labelledby="title">`,
    `<title id="title">Tables of ${model.services.map(({ name }) => escapeXml(name)).join(', ')} and their relations</title>`,
    `<style>${style}</style>`,
    ...model.services.map(({ name }) => group(name, layout.services.get(name))),
    ...model.relations.map((relation, index) => line(relation, layout.lines[index] ?? [])),
    ...model.services.flatMap(({ tables }) =>
      tables.map((table) => tableBox(table, layout.tables.get(table.id))),
    ),
    '</svg>',
    '',
  ].join('\n');
}

const style = [
  'svg{--ink:#1b2430;--soft:#667386;--line:#8895a7;--card:#fff;--group:#f2f5f9;--head:#e3eaf3;font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--card)}',
  '@media (prefers-color-scheme:dark){svg{--ink:#e6ebf2;--soft:#9aa7b8;--line:#6f7d91;--card:#161b22;--group:#1d242e;--head:#2a3442}}',
  'text{fill:var(--ink)}.type,.key{fill:var(--soft)}.group{fill:var(--group);stroke:var(--line);stroke-dasharray:2 3}',
  '.card{fill:var(--card);stroke:var(--line)}.head{fill:var(--head)}.name{font-weight:600}',
  '.service{font-size:15px;font-weight:600}.line{fill:none;stroke:var(--line);stroke-width:1.4}.loose{stroke-dasharray:5 4}',
].join('');

function group(name: string, place: Box | undefined): string {
  if (!place) return '';
  return `<rect class="group" ${rect(place)} rx="8"/><text class="service" x="${round(place.x + 20)}" y="${round(place.y + 28)}">${escapeXml(name)}</text>`;
}

function line({ kind, from, to, through }: Relation, points: { x: number; y: number }[]): string {
  const path = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
  const label = `${from.table}.${from.column} → ${to.table}.${to.column}${kind === 'loose' ? ' (no constraint)' : through ? ` (through ${through})` : ''}`;
  return `<path class="line ${kind}" d="${path}"><title>${escapeXml(label)}</title></path>`;
}

function tableBox(table: Table, place: Box | undefined): string {
  if (!place) return '';
  const { x, y, width } = place;
  return [
    `<g data-table="${escapeXml(table.id)}"><rect class="card" ${rect(place)} rx="4"/>`,
    `<rect class="head" ${rect({ x, y, width, height: headerHeight })} rx="4"/>`,
    `<text class="name" x="${round(x + 10)}" y="${round(y + 17)}">${escapeXml(table.name)}</text>`,
    ...table.columns.map((column, row) =>
      columnRow(column, x, y + headerHeight + row * rowHeight + 13, width),
    ),
    '</g>',
  ].join('');
}

function columnRow({ name, type, key, isRequired }: Column, x: number, y: number, width: number): string {
  return [
    `<text class="key" x="${round(x + 10)}" y="${round(y)}">${key}</text>`,
    `<text x="${round(x + 32)}" y="${round(y)}">${escapeXml(name)}</text>`,
    `<text class="type" text-anchor="end" x="${round(x + width - 10)}" y="${round(y)}">${escapeXml(type)}${isRequired ? '' : '?'}</text>`,
  ].join('');
}

const rect = ({ x, y, width, height }: Box) =>
  `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;

const round = (value: number) => Math.round(value * 10) / 10;

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
