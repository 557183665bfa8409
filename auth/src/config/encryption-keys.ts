import { secretKey } from '@bw/service-kit/config';
import { z } from 'zod';

export interface EncryptionKey {
  readonly name: string;
  readonly key: Buffer;
}

/** Setting: named 256-bit keys, newest first. Old ones stay until nothing is encrypted with them any more. */
export const encryptionKeys = () =>
  z.string().transform((text, context): readonly EncryptionKey[] => {
    const names = new Set<string>();
    return text.split(',').map((entry, index) => {
      const [, name, secret = ''] = /^(?:([^:]+):)?(.*)$/s.exec(entry.trim()) ?? [];
      const { data, error } = secretKey().safeParse(secret);
      const fault = faultOf(name, names) ?? error?.issues[0]?.message;
      if (name && data && !fault) {
        names.add(name);
        return { name, key: data.subarray(0, 32) };
      }
      context.addIssue({ code: 'custom', message: `key ${index + 1} ${fault}` });
      return z.NEVER;
    });
  });

/** What is encrypted begins with the name and a dot, and is read by them. */
function faultOf(name: string | undefined, others: ReadonlySet<string>): string | undefined {
  if (!name) return 'has no name; write it as name:KEY';
  if (!/^[\w-]+$/.test(name)) return 'has a name of other characters than letters, digits, _ and -';
  return others.has(name) ? 'has the name of one before it; give each its own' : undefined;
}
