import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** What PostgreSQL stores of a password (RFC 5803), computed here so that the clear text never reaches a server log. */
export function scramVerifier(password: string, salt = randomBytes(16), iterations = 4096): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** Whether a stored verifier belongs to the password. */
export function matchesVerifier(password: string, stored: string | null): boolean {
  const [scheme, parameters] = stored?.split('$') ?? [];
  const [iterations, salt] = parameters?.split(':') ?? [];
  if (!stored || scheme !== 'SCRAM-SHA-256' || !iterations || !salt) return false;
  const computed = scramVerifier(password, Buffer.from(salt, 'base64'), Number(iterations));
  return computed.length === stored.length && timingSafeEqual(Buffer.from(computed), Buffer.from(stored));
}
