import { Periodic } from '@bw/service-kit/background';
import { Log } from '@bw/service-kit/logging';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Vault } from '../encryption/vault.js';
import { MailTransport } from './mail-transport.js';
import { MailsRepository, type WaitingMail } from './mails.repository.js';

const batch = 20;
/** The last attempt is about five hours after the first. */
const mostAttempts = 12;

/** Sends what waits in the queue, from any replica, again and again with growing pauses. */
@Injectable()
export class MailWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sending: Periodic;

  constructor(
    private readonly mails: MailsRepository,
    private readonly transport: MailTransport,
    private readonly vault: Vault,
    private readonly log: Log,
  ) {
    this.sending = new Periodic({ name: 'mail', interval: 1_000, log }, () => this.sendDue());
  }

  onApplicationBootstrap(): void {
    this.sending.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sending.stop();
  }

  private async sendDue(): Promise<void> {
    const due = await this.mails.take(batch);
    await Promise.all(due.map((mail) => this.send(mail)));
  }

  private async send(mail: WaitingMail): Promise<void> {
    try {
      const { subject, text } = JSON.parse(this.vault.decrypt(mail.content, `mail:${mail.id}`));
      await this.transport.send({ id: mail.id, to: mail.recipient, subject, text });
      await this.mails.markSent(mail.id);
    } catch (error) {
      const reason = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
      const { id, template, attempts } = mail;
      this.log.warn({ mail: id, template, attempt: attempts, ...codesOf(error) }, 'mail not sent');
      await this.mails.markFailed(mail.id, reason, mail.attempts >= mostAttempts);
    }
  }
}

/** What a mail server says quotes addresses; that is in `mails.last_error`, and goes with the row. */
function codesOf(error: unknown): object {
  const { name, code, responseCode } = error as { name?: string; code?: string; responseCode?: number };
  return { error: name, code, responseCode };
}
