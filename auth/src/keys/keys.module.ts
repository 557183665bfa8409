import { Module } from '@nestjs/common';
import { AccessTokenIssuer } from './access-token-issuer.js';
import { JwksController } from './jwks.controller.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeysService } from './signing-keys.service.js';

@Module({
  controllers: [JwksController],
  providers: [SigningKeysRepository, SigningKeysService, AccessTokenIssuer],
  exports: [SigningKeysService, AccessTokenIssuer],
})
export class KeysModule {}
