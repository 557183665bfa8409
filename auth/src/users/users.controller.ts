import { Answers } from '@bw/service-kit/openapi';
import { Caller, type Principal, SignedIn } from '@bw/service-kit/security';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ProfileChange, User } from './users.dto.js';
import { UsersService } from './users.service.js';

@Controller('v1/users/me')
@SignedIn()
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Answers(200, User, 'The own profile')
  profile(@Caller() caller: Principal) {
    return this.users.profile(caller.userId);
  }

  @Patch()
  @Answers(200, User, 'The own profile, changed')
  change(@Caller() caller: Principal, @Body() change: ProfileChange) {
    return this.users.changeProfile(caller.userId, change);
  }
}
