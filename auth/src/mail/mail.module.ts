import { Module } from '@nestjs/common';
import { MailService } from './mail.service.js';
import { MailWorker } from './mail.worker.js';
import { MailTransport } from './mail-transport.js';
import { MailsRepository } from './mails.repository.js';

@Module({ providers: [MailService, MailsRepository, MailTransport, MailWorker], exports: [MailService] })
export class MailModule {}
