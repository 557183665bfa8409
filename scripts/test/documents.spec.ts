import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findRoot } from '@bw/migrations/services';
import { createTestDatabase } from '@bw/scripts/testing';
import { anchorsOf, commandsOf, linksOf, readBlocks } from '@bw/scripts/testing/documents';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';

const root = findRoot(import.meta.dirname);
const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
const documents = execFileSync('git', listed, { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file && existsSync(join(root, file)));

const newcomer = 'scripts/test/newcomer.spec.ts';
const guide = ['migrations/test/deploy/guide.spec.ts', 'scripts/test/guide.spec.ts'];
const containers = 'scripts/test/containers/production.spec.ts';

/** Which tests do what the shell blocks of a document say: of all of it, or of the chapter with this heading. */
const followedBy: Record<string, string[]> = {
  'README.md': [newcomer],
  'CONTRIBUTING.md': [newcomer],
  'docs/SETUP_GUIDE.md': [newcomer],
  'docs/MIGRATION_GUIDE.md': guide,
  'docs/SECURITY.md': [newcomer, containers],
  'DEPLOYMENT_GUIDE.md#One machine': [containers],
  'DEPLOYMENT_GUIDE.md#An update': [containers],
  'DEPLOYMENT_GUIDE.md#Backups': [containers],
  'DEPLOYMENT_GUIDE.md#The database elsewhere': ['scripts/test/two-servers.spec.ts'],
  'DEPLOYMENT_GUIDE.md#Several machines: Swarm': ['scripts/test/containers/swarm.spec.ts'],
  // There is no cluster: what would be applied is checked against the schema of the API.
  'DEPLOYMENT_GUIDE.md#Several machines: Kubernetes': ['scripts/test/kubernetes.spec.ts'],
};

describe('a document', () => {
  it('gives its blocks under their headings', async () => {
    const file = join(tmpdir(), `document-${process.pid}.md`);
    await writeFile(
      file,
      '# Guide\n\n## First\n\n```bash\nls\n```\n\n- in a list:\n\n  ```sql\n  SELECT 1;\n  ```\n\n### Deep\n\n## Second\n\n```\nplain\n```\n',
    );
    expect(readBlocks(file)).toEqual([
      { language: 'bash', text: 'ls', headings: ['Guide', 'First'] },
      { language: 'sql', text: 'SELECT 1;', headings: ['Guide', 'First'] },
      { language: '', text: 'plain', headings: ['Guide', 'Second'] },
    ]);
  });

  it('has blocks that come apart into what one types', () => {
    const text = `# a comment
cd auth && ls   # at the end

docker exec x \\
  sh -c "y"
cat > file.js << 'EOF'
# no comment

main();
EOF
ls`;
    expect(commandsOf({ text })).toEqual([
      'cd auth && ls   # at the end',
      'docker exec x \\\n  sh -c "y"',
      "cat > file.js << 'EOF'\n# no comment\n\nmain();\nEOF",
      'ls',
    ]);
  });
});

describe('in the documents', () => {
  it.each(documents)('%s links lead somewhere', (document) => {
    const dead = linksOf(join(root, document)).filter((link) => !leadsSomewhere(document, link));
    expect(dead).toEqual([]);
  });

  it.each(documents)('%s has no command that no test follows', (document) => {
    const blocks = readBlocks(join(root, document)).filter(({ language }) => /^(ba)?sh$/.test(language));
    const untested = blocks.filter(({ headings }) => {
      const tests = followedBy[document] ?? followedBy[`${document}#${headings.at(-1)}`] ?? [];
      return tests.length === 0 || !tests.every((test) => existsSync(join(root, test)));
    });
    expect(untested).toEqual([]);
  });

  it('DATABASE_ARCHITECTURE.md has SQL that answers', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    const blocks = readBlocks(join(root, 'DATABASE_ARCHITECTURE.md'));
    for (const { text } of blocks.filter(({ language }) => language === 'sql'))
      expect((await client.query(text)).rowCount).toBeGreaterThan(0);
    await client.end();
    await database.drop();
  });
});

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path ? resolve(root, dirname(document), path) : join(root, document);
  return existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
}
