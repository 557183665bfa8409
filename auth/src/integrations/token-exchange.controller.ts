import { Answers } from '@bw/service-kit/openapi';
import { Public } from '@bw/service-kit/security';
import { Body, Controller, Post } from '@nestjs/common';
import { Limited } from '../guessing/limit.decorator.js';
import { ExchangedTokens, TokenExchange } from './token-exchange.dto.js';
import { TokenExchangeService } from './token-exchange.service.js';

@Controller('v1/auth/token')
@Public()
export class TokenExchangeController {
  constructor(private readonly exchanges: TokenExchangeService) {}

  @Post()
  @Limited('token', 60)
  @Answers(200, ExchangedTokens, 'Exchanges a partner’s ID token for own tokens (RFC 8693)')
  exchange(@Body() request: TokenExchange) {
    return this.exchanges.exchange(request);
  }
}
