import { Module } from '@nestjs/common';
import { OutdatedRowsRepository } from './outdated-rows.repository.js';
import { PurgeWorker } from './purge.worker.js';

@Module({ providers: [PurgeWorker, OutdatedRowsRepository] })
export class MaintenanceModule {}
