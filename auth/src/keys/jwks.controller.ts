import { Answers } from '@bw/service-kit/openapi';
import { Public } from '@bw/service-kit/security';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { JWK } from 'jose';
import { keySetLifetime, SigningKeysService } from './signing-keys.service.js';

class KeySet {
  @ApiProperty({ type: 'array', items: { type: 'object' } })
  readonly keys!: JWK[];
}

@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeysService) {}

  @Get('jwks.json')
  @Public()
  @Answers(200, KeySet, 'The public keys that verify access tokens (RFC 7517)')
  @Header('cache-control', `public, max-age=${keySetLifetime}`)
  get() {
    return this.keys.publicKeySet();
  }
}
