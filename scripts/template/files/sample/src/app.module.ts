import { Module } from '@nestjs/common';
import { DatabaseModule } from './database/database.module.js';
import { SecurityModule } from './security/security.module.js';
import { WidgetsModule } from './widgets/widgets.module.js';

@Module({ imports: [DatabaseModule, SecurityModule, WidgetsModule] })
export class AppModule {}
