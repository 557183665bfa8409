import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { PurgeWorker } from './purge.worker.js';

@Module({ imports: [EventsModule, IdempotencyModule, PostsModule], providers: [PurgeWorker] })
export class MaintenanceModule {}
