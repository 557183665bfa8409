import { paint, wrap } from '../../terminal/index.js';
import type { Finding } from '../finding.js';

/** For a terminal of 80 columns; only a path may be longer. */
export function reportText(findings: Finding[]): string {
  if (findings.length === 0) return '';
  return `${findings.map(describe).join('\n\n')}\n\n${count(findings)}`;
}

function describe({ rule, level, message, help, file, line, column }: Finding): string {
  const name = level === 'error' ? paint('red', rule) : `advice: ${paint('yellow', rule)}`;
  return [
    paint('bold', `${file}:${line}:${column}`),
    `  ${name}`,
    ...wrap(message, '  '),
    ...help.split('\n').flatMap(wrapHelp),
  ].join('\n');
}

function count(findings: Finding[]): string {
  const errors = findings.filter(({ level }) => level === 'error').length;
  const advice = findings.length - errors;
  return [
    ...(errors > 0 || advice === 0 ? [`${errors} ${errors === 1 ? 'finding' : 'findings'}`] : []),
    ...(advice > 0 ? [`${advice} advice`] : []),
  ].join(', ');
}

/** Lines of SQL stand further in, and go on further in still. */
const wrapHelp = (line: string): string[] =>
  line.startsWith('    ') ? wrap(line.trimStart(), '      ', '        ') : wrap(line, '  ');
