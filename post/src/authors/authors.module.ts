import { Module } from '@nestjs/common';
import { AuthorsService } from './authors.service.js';
import { UserSummaries } from './user-summaries.js';

@Module({ providers: [AuthorsService, UserSummaries], exports: [AuthorsService] })
export class AuthorsModule {}
