import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { report, rules } from '../../src/lint/index.js';
import { pagesFolder, renderIndex } from '../../src/lint/pages.js';
import { history, lintSql } from './describe-rule.js';

const rulesFolder = join(import.meta.dirname, '../../src/lint/rules');
const ids = rules.map(({ id }) => id);
const namesIn = (folder: string, ending: string) =>
  readdirSync(folder).flatMap((file) => (file.endsWith(ending) ? [file.slice(0, -ending.length)] : []));

interface Page {
  heading: string;
  title: string;
  insteadOf: string[];
  use: string[];
}

function readPage(id: string): Page {
  const text = readFileSync(join(pagesFolder, `${id}.md`), 'utf8');
  const [, before = '', after = ''] = /## Problem\n([\s\S]*)## Use\n([\s\S]*)/.exec(text) ?? [];
  const blocks = (part: string) => [...part.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql);
  const [heading = '', , title = ''] = text.split('\n');
  return { heading, title, insteadOf: blocks(before), use: blocks(after) };
}

/** Their example needs more than SQL: a schema.prisma, or a history. */
const withoutExample = ['dropped-in-use', 'edited-migration', 'enum-order', 'out-of-order'];
const withExample = ids.filter((id) => !withoutExample.includes(id));

describe('rules', () => {
  it('have a file, a spec and a page of their name, in order', () => {
    const specs = namesIn(rulesFolder, '.spec.ts');
    const files = namesIn(rulesFolder, '.ts').filter((name) => name !== 'index' && !name.endsWith('.spec'));
    const pages = namesIn(pagesFolder, '.md').filter((name) => name !== 'README');
    expect(ids).toEqual([...ids].sort());
    expect({ files: files.sort(), specs: specs.sort(), pages: pages.sort() }).toEqual({
      files: ids,
      specs: ids,
      pages: ids,
    });
  });

  it('are listed in docs/rules/README.md', () => {
    // If this fails: yarn workspace @bw/migrations rules:index
    expect(readFileSync(join(pagesFolder, 'README.md'), 'utf8')).toBe(renderIndex());
  });

  it.each(rules)('$id has its name and title on its page', ({ id, title }) => {
    expect(readPage(id)).toMatchObject({ heading: `# ${id}`, title: `${title}.` });
  });

  it.each(withExample)('%s finds what its page says not to write, and tells it in 80 columns', async (id) => {
    const [sql = ''] = readPage(id).insteadOf;
    const findings = await lintSql(sql);
    expect(findings.map(({ rule }) => rule)).toContain(id);
    const text = report(
      findings.filter(({ rule }) => rule === id),
      'text',
    );
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).toMatchSnapshot();
  });

  it.each(ids)('%s accepts what its page says to use', async (id) => {
    let before = history;
    for (const sql of readPage(id).use) {
      expect(await lintSql({ before, sql })).toEqual([]);
      before += sql;
    }
  });
});
