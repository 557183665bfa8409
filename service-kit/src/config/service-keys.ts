import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** Setting: this service's Ed25519 private key, PKCS #8 DER in base64. */
export const servicePrivateKey = () =>
  z
    .string()
    .transform((text, context) =>
      ed25519(context, () =>
        createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' }),
      ),
    );

/** Setting: the services whose calls are answered, `name=PUBLIC_KEY` separated by commas (SPKI DER in base64). */
export const trustedServices = () =>
  z.string().transform((text, context): ReadonlyMap<string, KeyObject> => {
    const entries = text.split(',').map((entry) => entry.trim());
    return new Map(entries.filter(Boolean).map((entry) => parseTrusted(entry, context)));
  });

function parseTrusted(entry: string, context: z.RefinementCtx): [string, KeyObject] {
  const separator = entry.indexOf('=');
  const der = Buffer.from(entry.slice(separator + 1), 'base64');
  const parse = () => createPublicKey({ key: der, format: 'der', type: 'spki' });
  return [entry.slice(0, Math.max(0, separator)), ed25519(context, parse)];
}

function ed25519(context: z.RefinementCtx, parse: () => KeyObject): KeyObject {
  try {
    const key = parse();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below: why the bytes are not a key is of no help to whoever set them.
  }
  context.addIssue({ code: 'custom', message: 'is not an Ed25519 key in base64 DER' });
  return z.NEVER;
}
