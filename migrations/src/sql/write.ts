import type { Node } from 'libpg-query';
import { deparseSync } from 'pgsql-deparser';

/** A statement as SQL on one line, with its semicolon. Apart from the rest, because loading the writer takes a while. */
export const writeSql = (node: Node): string => `${deparseSync(node, { pretty: false })};`;

/** An expression as SQL. */
export const writeExpression = (node: Node): string => deparseSync(node, { pretty: false });
