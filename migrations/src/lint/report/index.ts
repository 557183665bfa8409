import type { Finding } from '../finding.js';
import { reportGithub } from './github.js';
import { reportSarif } from './sarif.js';
import { reportText } from './text.js';

const reports = {
  text: reportText,
  json: (findings: Finding[]) => JSON.stringify({ findings }),
  github: reportGithub,
  sarif: reportSarif,
};

export type Format = keyof typeof reports;
export const formats = Object.keys(reports) as Format[];
export const isFormat = (text: string): text is Format => Object.hasOwn(reports, text);

/** Findings as a person, a program or a code host reads them. */
export const report = (findings: Finding[], format: Format): string => reports[format](findings);
