import { Injectable } from '@nestjs/common';
import { EncryptedColumnsRepository } from './encrypted-columns.repository.js';
import { Vault } from './vault.js';

@Injectable()
export class EncryptionService {
  constructor(
    private readonly columns: EncryptedColumnsRepository,
    private readonly vault: Vault,
  ) {}

  /** Encrypts everything with the newest key, so that older ones can be taken out. Answers how much it was. */
  async renew(): Promise<number> {
    const values = await this.columns.listOthers(this.vault.keyName);
    for (const { sealed, belongsTo, replace } of values) {
      await replace(this.vault.encrypt(this.vault.decrypt(sealed, belongsTo), belongsTo));
    }
    return values.length;
  }
}
