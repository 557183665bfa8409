import { Answers } from '@bw/service-kit/openapi';
import { Caller, type Principal, SignedIn } from '@bw/service-kit/security';
import { Body, Controller, Delete, Put } from '@nestjs/common';
import { Limited } from '../guessing/limit.decorator.js';
import { EmailChange, PasswordChange } from './accounts.dto.js';
import { AccountsService } from './accounts.service.js';
import { EmailsService } from './emails.service.js';
import { PasswordsService } from './passwords.service.js';

@Controller('v1/users/me')
@SignedIn()
export class OwnAccountController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly emails: EmailsService,
    private readonly passwords: PasswordsService,
  ) {}

  @Delete()
  @Answers(204, undefined, 'Deletes the own account and ends its sessions')
  remove(@Caller() caller: Principal) {
    return this.accounts.remove(caller.userId);
  }

  @Put('password')
  @Limited('password', 10)
  @Answers(204, undefined, 'Changes the password and, unless told otherwise, ends the other sessions')
  changePassword(@Caller() caller: Principal, @Body() change: PasswordChange) {
    return this.passwords.change(caller, change);
  }

  @Put('email')
  @Limited('email', 10)
  @Answers(202, undefined, 'Sends a link to the new address, which counts once confirmed')
  changeEmail(@Caller() caller: Principal, @Body() change: EmailChange) {
    return this.emails.requestChange(caller.userId, change);
  }
}
