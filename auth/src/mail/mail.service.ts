import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { AuthConfig } from '../config/index.js';
import type { Transaction } from '../database/index.js';
import { Vault } from '../encryption/vault.js';
import { MailsRepository } from './mails.repository.js';
import { templates } from './templates.js';

type WithToken = 'verifyEmail' | 'choosePassword' | 'resetPassword' | 'confirmNewAddress';
type WithoutToken = Exclude<keyof typeof templates, WithToken>;

/** Queues mails in the transaction of what they tell of; the worker sends them. */
@Injectable()
export class MailService {
  constructor(
    private readonly mails: MailsRepository,
    private readonly vault: Vault,
    private readonly config: AuthConfig,
  ) {}

  notify(recipient: string, template: WithoutToken, transaction: Transaction): Promise<void> {
    return this.queue(recipient, template, templates[template]({ url: this.config.PUBLIC_URL }), transaction);
  }

  sendToken(recipient: string, template: WithToken, token: string, transaction: Transaction): Promise<void> {
    const message = templates[template]({ url: this.config.PUBLIC_URL, token });
    return this.queue(recipient, template, message, transaction);
  }

  private async queue(
    recipient: string,
    template: string,
    message: object,
    transaction: Transaction,
  ): Promise<void> {
    const id = uuid();
    const content = this.vault.encrypt(JSON.stringify(message), `mail:${id}`);
    await this.mails.add({ id, recipient, template, content }, transaction);
  }
}
