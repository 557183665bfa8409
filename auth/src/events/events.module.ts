import { Module } from '@nestjs/common';
import { EndedSessions } from './ended-sessions.js';
import { OutgoingEventsRepository } from './outgoing-events.repository.js';
import { OutgoingEventsService } from './outgoing-events.service.js';
import { UserEventsGrpcController } from './user-events.grpc.controller.js';

@Module({
  controllers: [UserEventsGrpcController],
  providers: [OutgoingEventsService, OutgoingEventsRepository, EndedSessions],
  exports: [OutgoingEventsService, EndedSessions],
})
export class EventsModule {}
