import { InvalidInputError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../config/index.js';

/** Longer ones are refused, never cut: nobody types this, and hashing has its cost. */
export const longestPassword = 256;

/** NIST SP 800-63B: a minimum length, no rules on what it is made of, and not one that many people use. */
@Injectable()
export class PasswordPolicy {
  private common: Promise<ReadonlySet<string>> | undefined;

  constructor(private readonly config: AuthConfig) {}

  async assertAcceptable(password: string, pointer: string, email: string): Promise<void> {
    const message = (await this.objection(password.normalize('NFKC'), email)) ?? '';
    if (message) throw new InvalidInputError([{ pointer, message }], 'Choose another password.');
  }

  private async objection(password: string, email: string): Promise<string | undefined> {
    const minimum = this.config.PASSWORD_MIN_LENGTH;
    if ([...password].length < minimum) return `Use at least ${minimum} characters; a few words do well.`;
    const plain = password.toLowerCase();
    if (isEasy(plain, email)) return 'This is too easy to guess from your address or repeats itself.';
    this.common ??= loadCommonPasswords();
    if (isCommon(plain, await this.common)) return 'This is among the passwords that are tried first.';
    return undefined;
  }
}

function isEasy(password: string, email: string): boolean {
  const [local = ''] = email.split('@');
  const rest = password.replaceAll(email, '').replaceAll(local.length > 3 ? local : email, '');
  return rest.length < 4 || new Set(password).size < 5;
}

/** The whole password, or one that only repeats a common one or adds digits and signs to it. */
function isCommon(password: string, common: ReadonlySet<string>): boolean {
  const stem = password.replace(/[^\p{L}]+$/u, '').replace(/^[^\p{L}]+/u, '');
  return [password, stem, repeatedPart(password), repeatedPart(stem)].some((candidate) =>
    common.has(candidate),
  );
}

const repeatedPart = (text: string) => /^(.+?)\1+$/.exec(text)?.[1] ?? text;

/** Loaded when first needed: most requests set no password. */
async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}
