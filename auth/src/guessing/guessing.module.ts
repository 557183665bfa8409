import { Module } from '@nestjs/common';
import { AttemptsRepository } from './attempts.repository.js';
import { LoginGuard } from './login-guard.service.js';
import { RateLimiter } from './rate-limiter.js';

@Module({
  providers: [AttemptsRepository, LoginGuard, RateLimiter],
  exports: [LoginGuard, RateLimiter, AttemptsRepository],
})
export class GuessingModule {}
