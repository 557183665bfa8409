import { join } from 'node:path';
import { rules } from './rules/index.js';

/** One page for each rule. The package is built to `dist/` beside `src/`, so the way is the same from both. */
export const pagesFolder = join(import.meta.dirname, '../../docs/rules');

/** The list of all rules for docs/rules/README.md. */
export function renderIndex(): string {
  const rows = rules.map(({ id, title, level }) => `| [${id}](${id}.md) | ${title} | ${level} |`);
  return `# Rules of \`yarn db lint\`

Generated from the rules: \`yarn workspace @bw/migrations rules:index\`. An error fails the run (exit code 2), advice does not.

A rule is not broken where nobody can be blocked: by what a migration does to tables it creates itself. If a statement is right although it breaks a rule, say why on the statement:

\`\`\`sql
-- lint: allow RULE because REASON
\`\`\`

| rule | finds | level |
| --- | --- | --- |
${rows.join('\n')}
`;
}
