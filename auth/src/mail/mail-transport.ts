import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Log } from '@bw/service-kit/logging';
import { Injectable } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { AuthConfig } from '../config/index.js';

export interface Message {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends by SMTP where MAIL_URL says how; otherwise writes each mail to a file of MAIL_FOLDER. */
@Injectable()
export class MailTransport {
  private smtp: Promise<Transporter> | undefined;

  constructor(
    private readonly config: AuthConfig,
    private readonly log: Log,
  ) {}

  async send(message: Message): Promise<void> {
    if (!this.config.MAIL_URL) return this.write(message);
    this.smtp ??= connect(this.config.MAIL_URL);
    const { id, ...content } = message;
    // The same id for a mail sent again, so that a mail server may recognise it.
    await (await this.smtp).sendMail({ from: this.config.MAIL_FROM, messageId: `<${id}@auth>`, ...content });
  }

  private async write({ id, to, subject, text }: Message): Promise<void> {
    const folder = resolve(this.config.MAIL_FOLDER);
    await mkdir(folder, { recursive: true });
    const file = join(folder, `${id}.txt`);
    await writeFile(file, `To: ${to}\nSubject: ${subject}\n\n${text}\n`, { mode: 0o600 });
    this.log.info({ file, subject }, 'mail written to a file, for MAIL_URL is not set');
  }
}

/** Loaded with the first mail: most of a service's life passes without one. */
async function connect(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url,
    dnsTimeout: 10_000,
    connectionTimeout: 10_000,
    greetingTimeout: 20_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
  });
}
