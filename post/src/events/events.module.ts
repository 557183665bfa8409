import { Module } from '@nestjs/common';
import { AuthorsModule } from '../authors/authors.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { InboxRepository } from './inbox.repository.js';
import { UserEventLog } from './user-event-log.js';
import { UserEventsService } from './user-events.service.js';
import { UserEventsWorker } from './user-events.worker.js';

@Module({
  imports: [AuthorsModule, PostsModule],
  providers: [InboxRepository, UserEventLog, UserEventsService, UserEventsWorker],
  exports: [UserEventsService],
})
export class EventsModule {}
