import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { UsersController } from './users.controller.js';
import { UsersGrpcController } from './users.grpc.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AuditModule, EventsModule],
  controllers: [UsersController, UsersGrpcController],
  providers: [UsersService, UsersRepository],
  exports: [UsersService],
})
export class UsersModule {}
