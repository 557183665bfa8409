import { secretKey } from '@bw/service-kit/config';
import { z } from 'zod';

export interface EncryptionKey {
  readonly name: string;
  readonly key: Buffer;
}

/** Setting: named 256-bit keys, newest first. Old ones stay until nothing is encrypted with them any more. */
export const encryptionKeys = () =>
  z.string().transform((text, context): readonly EncryptionKey[] => {
    const entries = text.split(',').map((entry) => entry.trim());
    return entries.map((entry, index) => {
      const separator = entry.indexOf(':');
      const result = secretKey().safeParse(entry.slice(separator + 1));
      if (separator > 0 && result.success)
        return { name: entry.slice(0, separator), key: result.data.subarray(0, 32) };
      const reason = separator > 0 ? result.error?.issues[0]?.message : 'has no name; write it as name:KEY';
      context.addIssue({ code: 'custom', message: `key ${index + 1} ${reason}` });
      return z.NEVER;
    });
  });
