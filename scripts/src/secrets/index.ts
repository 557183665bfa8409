import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';

const placeholder = `\${RANDOM}`;

/** Whether a value of a `.env.example` asks for a secret to be made. */
export const asksForSecret = (value: string): boolean => value.includes(placeholder);

/** 32 random bytes wherever the value asks for them. */
export const fillInSecrets = (value: string): string =>
  value.replaceAll(placeholder, () => randomBytes(32).toString('base64'));

/** Safe inside a URL as it is. */
export const newPassword = (): string => randomBytes(24).toString('base64url');

/** With its own Ed25519 key a service proves to another who is calling. */
export function newServiceKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

/** TRUSTED_SERVICES of one service: the public keys of all others. */
export function trustOf(name: string, keys: ReadonlyMap<string, string>): string {
  const others = [...keys].filter(([other]) => other !== name);
  return others.map(([other, key]) => `${other}=${publicKeyOf(key)}`).join(',');
}

function publicKeyOf(privateKey: string): string {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}
