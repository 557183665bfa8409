import { Answers } from '@bw/service-kit/openapi';
import { Caller, type Principal, SignedIn } from '@bw/service-kit/security';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { forwardAuthPath, nameCaller } from './forward-auth.js';

/**
 * For a gateway that asks whether to let a request pass, and whose it is. Asks no database. What changes here, the rule
 * too, changes in forward-auth.ts, which answers for remembered tokens.
 */
@Controller(forwardAuthPath)
@SignedIn()
export class ForwardAuthController {
  @Get()
  @Answers(204, undefined, 'The access token is valid; X-User-Id and X-User-Role say whose it is')
  verify(@Caller() caller: Principal, @Res({ passthrough: true }) reply: FastifyReply) {
    nameCaller(caller, reply);
  }
}
