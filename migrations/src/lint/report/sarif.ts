import type { Finding } from '../finding.js';
import { rules } from '../rules/index.js';

/** SARIF 2.1.0, which code hosts and editors read. */
export function reportSarif(findings: Finding[]): string {
  const used = rules.filter(({ id }) => findings.some(({ rule }) => rule === id));
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'db lint', rules: used.map(describeRule) } },
        results: findings.map((finding) =>
          describeFinding(
            finding,
            used.findIndex(({ id }) => id === finding.rule),
          ),
        ),
      },
    ],
  });
}

const levelOf = { error: 'error', advice: 'note' };

const describeRule = ({ id, title, level }: (typeof rules)[number]) => ({
  id,
  shortDescription: { text: title },
  helpUri: `migrations/docs/rules/${id}.md`,
  defaultConfiguration: { level: levelOf[level] },
});

const describeFinding = ({ rule, level, message, help, file, line, column }: Finding, ruleIndex: number) => ({
  ruleId: rule,
  ruleIndex,
  level: levelOf[level],
  message: { text: `${message}\n${help}` },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: file.replaceAll('\\', '/') },
        region: { startLine: line, startColumn: column },
      },
    },
  ],
});
