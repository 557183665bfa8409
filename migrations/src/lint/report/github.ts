import type { Finding } from '../finding.js';

/** Annotations of a GitHub workflow: they appear at the line in the pull request. */
export const reportGithub = (findings: Finding[]): string =>
  findings
    .map(({ rule, level, message, help, file, line, column }) => {
      const place = `file=${property(file)},line=${line},col=${column},title=${property(rule)}`;
      return `::${level === 'error' ? 'error' : 'notice'} ${place}::${data(`${message}\n${help}`)}`;
    })
    .join('\n');

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
