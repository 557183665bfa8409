import { Global, Module } from '@nestjs/common';
import { PrismaService } from './database/index.js';
import { EncryptedColumnsRepository } from './encryption/encrypted-columns.repository.js';
import { EncryptionService } from './encryption/encryption.service.js';
import { Vault } from './encryption/vault.js';

/** What every feature may use without saying so. */
@Global()
@Module({
  providers: [PrismaService, Vault, EncryptionService, EncryptedColumnsRepository],
  exports: [PrismaService, Vault],
})
export class CoreModule {}
