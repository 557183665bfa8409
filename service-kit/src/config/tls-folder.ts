import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A service's certificate with its key, and the authority that the other side's certificate has to come from. */
export interface TlsFiles {
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly authority: Buffer;
}

const names = { certificate: 'tls.crt', key: 'tls.key', authority: 'ca.crt' } as const;

/** Setting: a folder with the three files under the names that Kubernetes and cert-manager give them. */
export const tlsFolder = () =>
  z.string().transform((folder, context): TlsFiles => {
    const read = (name: string) => {
      try {
        return readFileSync(join(folder, name));
      } catch {
        context.addIssue({ code: 'custom', message: `has no readable ${name}` });
        return z.NEVER;
      }
    };
    return { certificate: read(names.certificate), key: read(names.key), authority: read(names.authority) };
  });
