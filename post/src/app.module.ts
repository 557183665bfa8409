import { Module } from '@nestjs/common';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { MaintenanceModule } from './maintenance/maintenance.module.js';
import { PostsModule } from './posts/posts.module.js';
import { SecurityModule } from './security/security.module.js';

@Module({ imports: [DatabaseModule, SecurityModule, PostsModule, EventsModule, MaintenanceModule] })
export class AppModule {}
