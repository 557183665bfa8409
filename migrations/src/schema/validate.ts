import prisma from '@prisma/prisma-schema-wasm';
import { UserError } from '../errors/index.js';

interface Diagnostic {
  start: number;
  text: string;
  is_warning: boolean;
}

/** Throws what Prisma's own validator finds wrong, each fault with file, line and column. */
export function checkSchema(file: string, source: string): void {
  const faults = findFaults(file, source);
  if (faults.length === 0) return;
  const bytes = Buffer.from(source);
  const lines = faults.map((fault) => `${file}:${position(bytes, fault.start)}: ${fault.text}`);
  throw new UserError('INVALID_SCHEMA', lines.join('\n'), {
    hint: 'Correct the schema and run the command again. Nothing was written.',
  });
}

export const isValidSchema = (source: string): boolean => findFaults('schema.prisma', source).length === 0;

/** The source with the far ends of its relations, which `prisma format` adds where they were left out. */
export function completeSchema(file: string, source: string): string {
  return findFaults(file, source).length === 0 ? source : formatSchema(source);
}

function findFaults(file: string, source: string): Diagnostic[] {
  const found = JSON.parse(prisma.lint(JSON.stringify([[file, source]]))) as Diagnostic[];
  return found.filter((each) => !each.is_warning);
}

/** The source in Prisma's canonical layout. */
export function formatSchema(source: string): string {
  const options = {
    textDocument: { uri: 'file:/schema.prisma' },
    options: { tabSize: 2, insertSpaces: true },
  };
  const files = JSON.parse(
    prisma.format(JSON.stringify([['schema.prisma', source]]), JSON.stringify(options)),
  );
  return (files as [string, string][])[0]?.[1] ?? source;
}

/** `line:column` of a byte offset, both from 1. */
function position(bytes: Buffer, offset: number): string {
  const before = bytes.subarray(0, offset).toString().split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
