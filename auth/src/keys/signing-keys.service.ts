import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Periodic } from '@bw/service-kit/background';
import { Log } from '@bw/service-kit/logging';
import type { TokenKeys } from '@bw/service-kit/security';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { errors, type JWK, type JWSHeaderParameters } from 'jose';
import { AuthConfig } from '../config/index.js';
import { Vault } from '../encryption/vault.js';
import { type NewSigningKey, type SigningKeyRow, SigningKeysRepository } from './signing-keys.repository.js';

interface SigningKey {
  readonly id: string;
  readonly publicJwk: JWK;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly signsFrom: number;
}

/** How long verifiers may keep the key set, and so how long a new key is published before it signs. */
export const keySetLifetime = 300;
const reread = 30_000;

/**
 * The keys are reread beside the requests, never for one: who signs may hold a connection in a transaction, and waiting
 * for a second one there would bring all to a stop together. A new key is published minutes before it signs.
 */
@Injectable()
export class SigningKeysService implements OnApplicationBootstrap, OnModuleDestroy, TokenKeys {
  private keys: readonly SigningKey[] = [];
  version = '';
  private readAt = 0;
  private rereading: Promise<void> | undefined;
  private readonly following: Periodic;

  constructor(
    private readonly repository: SigningKeysRepository,
    private readonly vault: Vault,
    private readonly config: AuthConfig,
    log: Log,
  ) {
    const options = { name: 'signing keys', interval: reread, delay: reread, log };
    this.following = new Periodic(options, () => this.rereadSoon());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.read();
    this.following.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.following.stop();
  }

  /** The key that signs now. */
  current(): SigningKey {
    const now = Date.now();
    // The first key starts at the database's time, which may be a little ahead of ours.
    const key = this.keys.find(({ signsFrom }) => signsFrom <= now) ?? this.keys.at(-1);
    if (!key) throw new Error('There is no signing key.');
    return key;
  }

  /** The public key a token names. One not known yet may have been made by another replica a moment ago. */
  readonly find = async (header: JWSHeaderParameters): Promise<KeyObject> => {
    const known = this.keys.find(({ id }) => id === header.kid);
    if (known) return known.publicKey;
    await this.rereadSoon();
    const key = this.keys.find(({ id }) => id === header.kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key.publicKey;
  };

  publicKeySet(): { keys: JWK[] } {
    return { keys: this.keys.map(({ publicJwk }) => publicJwk) };
  }

  /** Makes a new key that signs once every verifier knows it; the old one stays published while its tokens live. */
  async rotate(signsIn = keySetLifetime + 60): Promise<string> {
    const key = this.generate(signsIn);
    await this.repository.rotate(key, this.config.ACCESS_TOKEN_LIFETIME);
    await this.read();
    return key.id;
  }

  /** All who need newer keys wait for the same reading, at most one a second: tokens are anybody's input. */
  private rereadSoon(): Promise<void> {
    this.rereading ??= sleep(Math.max(0, this.readAt + 1_000 - Date.now()))
      .then(() => this.read())
      .finally(() => {
        this.rereading = undefined;
      });
    return this.rereading;
  }

  private async read(): Promise<void> {
    let rows = await this.repository.list();
    if (rows.length === 0) {
      await this.repository.addFirst(this.generate(0));
      rows = await this.repository.list();
    }
    this.keys = rows.map((row) => this.unseal(row));
    this.version = rows.map(({ id }) => id).join();
    this.readAt = Date.now();
  }

  private unseal(row: SigningKeyRow): SigningKey {
    const pem = this.vault.decrypt(row.private_key, `signing-key:${row.id}`);
    return {
      id: row.id,
      publicJwk: row.public_key,
      publicKey: createPublicKey({ key: { ...row.public_key }, format: 'jwk' }),
      privateKey: createPrivateKey(pem),
      signsFrom: row.signs_from.getTime(),
    };
  }

  private generate(signsIn: number): NewSigningKey {
    const id = randomUUID();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    return {
      id,
      publicKey: { ...publicKey.export({ format: 'jwk' }), kid: id, alg: 'EdDSA', use: 'sig' },
      privateKey: this.vault.encrypt(pem, `signing-key:${id}`),
      signsIn,
    };
  }
}
