import { Answers } from '@bw/service-kit/openapi';
import { Public } from '@bw/service-kit/security';
import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Limited } from '../guessing/limit.decorator.js';
import { LogoutRequest, RefreshRequest, SignedInUser, Tokens } from '../sessions/sessions.dto.js';
import { SessionsService } from '../sessions/sessions.service.js';
import {
  EmailRequest,
  LogInRequest,
  PasswordReset,
  SignUpRequest,
  VerifyEmailRequest,
} from './accounts.dto.js';
import { AccountsService } from './accounts.service.js';
import { EmailsService } from './emails.service.js';
import { PasswordsService } from './passwords.service.js';

@Controller('v1/auth')
@Public()
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly emails: EmailsService,
    private readonly passwords: PasswordsService,
  ) {}

  @Post('signup')
  @Limited('signup', 20)
  @Answers(201, SignedInUser, 'Creates an account and signs in')
  @ApiResponse({
    status: 202,
    description: 'Where sign-ups are confirmed by mail: whatever there is to say, the mail says',
  })
  async signUp(@Body() request: SignUpRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const signedIn = await this.accounts.signUp(request);
    if (!signedIn) reply.status(202);
    return signedIn;
  }

  @Post('login')
  @Limited('login', 30)
  @Answers(200, SignedInUser, 'Signs in')
  logIn(@Body() request: LogInRequest) {
    return this.accounts.logIn(request);
  }

  @Post('refresh')
  @Limited('refresh', 600)
  @Answers(200, Tokens, 'Exchanges a refresh token for new tokens; it cannot be used again')
  refresh(@Body() { refreshToken }: RefreshRequest) {
    return this.sessions.refresh(refreshToken);
  }

  @Post('logout')
  @Limited('logout', 120)
  @Answers(204, undefined, 'Ends the session of the refresh token, or all of its user')
  logOut(@Body() { refreshToken, all }: LogoutRequest) {
    return this.sessions.logout(refreshToken, all ?? false);
  }

  @Post('verify-email')
  @Limited('verify-email', 30)
  @Answers(204, undefined, 'Confirms the address that the link was sent to')
  verifyEmail(@Body() { token }: VerifyEmailRequest) {
    return this.emails.verify(token);
  }

  @Post('verify-email/resend')
  @Limited('resend', 10)
  @Answers(202, undefined, 'Sends the link again if the address waits for it')
  resendVerification(@Body() { email }: EmailRequest) {
    return this.emails.resendVerification(email);
  }

  @Post('password/forgot')
  @Limited('forgot', 10)
  @Answers(202, undefined, 'Sends a link to choose a new password if there is such an account')
  forgotPassword(@Body() { email }: EmailRequest) {
    return this.passwords.forgot(email);
  }

  @Post('password/reset')
  @Limited('reset', 10)
  @Answers(204, undefined, 'Sets a new password and ends all sessions')
  resetPassword(@Body() reset: PasswordReset) {
    return this.passwords.reset(reset);
  }
}
