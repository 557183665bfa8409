import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuthConfig, type EncryptionKey } from '../config/index.js';

/**
 * Encrypts what has to be readable again (AES-256-GCM). The result names its key, so keys can be replaced one by one,
 * and is bound to where it belongs, so it cannot be moved to another row.
 */
@Injectable()
export class Vault {
  private readonly current: EncryptionKey;

  constructor(private readonly config: AuthConfig) {
    const [current] = config.ENCRYPTION_KEYS;
    if (!current) throw new Error('There is no encryption key.');
    this.current = current;
  }

  /** Of the key that encrypts. */
  get keyName(): string {
    return this.current.name;
  }

  encrypt(text: string, belongsTo: string): string {
    const { current } = this;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', current.key, iv).setAAD(Buffer.from(belongsTo));
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [
      current.name,
      ...[iv, encrypted, cipher.getAuthTag()].map((part) => part.toString('base64url')),
    ].join('.');
  }

  decrypt(sealed: string, belongsTo: string): string {
    const [name, ...parts] = sealed.split('.');
    const key = this.config.ENCRYPTION_KEYS.find((candidate) => candidate.name === name)?.key;
    if (!key)
      throw new Error(`ENCRYPTION_KEYS has no key named ${name}, with which something stored is encrypted.`);
    const [iv, encrypted, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
    if (!iv || !encrypted || !tag) throw new Error('What is stored is not something encrypted.');
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(belongsTo)).setAuthTag(tag);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString('utf8');
  }
}
