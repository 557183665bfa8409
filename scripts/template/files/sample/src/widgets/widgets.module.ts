import { Module } from '@nestjs/common';
import { WidgetsController } from './widgets.controller.js';
import { WidgetsGrpcController } from './widgets.grpc.controller.js';
import { WidgetsRepository } from './widgets.repository.js';
import { WidgetsService } from './widgets.service.js';

@Module({
  controllers: [WidgetsController, WidgetsGrpcController],
  providers: [WidgetsService, WidgetsRepository],
  exports: [WidgetsService],
})
export class WidgetsModule {}
