import { z } from 'zod';

const placeholder = /change|secret|password|placeholder|example|default|your|test|dummy|todo|xxx|1234|abcd/i;

/**
 * A random secret of at least 32 bytes in base64 or hexadecimal, such as `openssl rand -base64 32` prints.
 * Refuses what a person would type: placeholders, repeated characters, words.
 */
export function secretKey() {
  return z.string().transform((value, context) => {
    const bytes = decode(value);
    const fault = faultOf(value, bytes);
    if (!fault) return bytes;
    context.addIssue({ code: 'custom', message: `${fault}; make one with: openssl rand -base64 32` });
    return z.NEVER;
  });
}

function decode(value: string): Buffer {
  return Buffer.from(value, /^[0-9a-f]+$/i.test(value) && value.length >= 64 ? 'hex' : 'base64');
}

function faultOf(value: string, bytes: Buffer): string | undefined {
  if (bytes.length < 32) return 'is shorter than 32 random bytes in base64 or hexadecimal';
  if (new Set(bytes).size < 16) return 'repeats itself, so it is not random';
  // In random base64 a given word of seven letters or more is as good as impossible; shorter ones do occur.
  const words = value.match(new RegExp(placeholder, 'gi')) ?? [];
  if (words.join('').length > value.length / 8) return 'looks like a placeholder';
  return undefined;
}
