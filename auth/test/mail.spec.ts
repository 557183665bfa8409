import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { Auth, eventually } from './support/auth.js';

/** A real mail server that refuses the first `failures` messages, and says what it does only after `pondering`. */
async function startMailServer(failures: number, pondering: Promise<unknown> = Promise.resolve()) {
  const received: string[] = [];
  let left = failures;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', async () => {
        await pondering;
        if (left > 0) {
          left -= 1;
          return done(new Error('try again later'));
        }
        received.push(text);
        return done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    received,
    url: `smtp://127.0.0.1:${port}`,
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

describe('mail by SMTP', () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it('arrives, also when the server refused it first, and is not kept', async () => {
    const mail = await startMailServer(1);
    cleanups.push(mail.stop);
    const auth = await Auth.start({ MAIL_URL: mail.url, MAIL_FROM: 'hello@example.com' });
    cleanups.push(() => auth.stop());
    const { email } = await auth.person();
    await eventually(async () => {
      const { rows } = await auth.admin.query(
        'SELECT last_error FROM auth_schema.mails WHERE recipient = $1',
        [email],
      );
      expect(rows[0].last_error).toContain('try again later');
    });
    await auth.admin.query('UPDATE auth_schema.mails SET next_attempt_at = now()');
    await eventually(async () => expect(mail.received).toHaveLength(1));
    expect(mail.received[0]).toContain(`To: ${email}`);
    expect(mail.received[0]).toContain('From: hello@example.com');
    await eventually(async () => {
      const { rows } = await auth.admin.query('SELECT sent_at, content, attempts FROM auth_schema.mails');
      expect(rows).toEqual([{ sent_at: expect.any(Date), content: null, attempts: 2 }]);
    });
  });

  it('is not lost with the replica that queued it, and sent once by those that are left', async () => {
    const auth = await Auth.start({ MAIL_URL: 'smtp://127.0.0.1:9' });
    cleanups.push(() => auth.stop());
    const { email } = await auth.person();
    const mail = await startMailServer(0);
    cleanups.push(mail.stop);
    await auth.service.stop();
    await auth.admin.query('UPDATE auth_schema.mails SET next_attempt_at = now()');
    auth.settings.MAIL_URL = mail.url;
    const replicas = await Promise.all([auth.startReplica(), auth.startReplica()]);
    cleanups.push(async () => void (await Promise.all(replicas.map((replica) => replica.stop()))));
    await eventually(async () => {
      const { rows } = await auth.admin.query('SELECT FROM auth_schema.mails WHERE sent_at IS NULL');
      expect(rows).toEqual([]);
    });
    expect(mail.received.filter((message) => message.includes(`To: ${email}`))).toHaveLength(1);
  });

  it('is left to the replica that is sending it for as long as a slow server may take', async () => {
    const server = new EventEmitter();
    const mail = await startMailServer(0, once(server, 'decided'));
    cleanups.push(mail.stop);
    const auth = await Auth.start({ MAIL_URL: mail.url });
    cleanups.push(() => auth.stop());
    await auth.person();
    await eventually(async () => {
      const { rows } = await auth.admin.query(
        "SELECT next_attempt_at >= created_at + interval '1 minute' AS waits FROM auth_schema.mails WHERE attempts > 0",
      );
      expect(rows).toEqual([{ waits: true }]);
    });
    server.emit('decided');
    await eventually(async () => expect(mail.received).toHaveLength(1));
  });

  it('keeps what the mail says encrypted while it waits', async () => {
    const auth = await Auth.start({ MAIL_URL: 'smtp://127.0.0.1:9' });
    cleanups.push(() => auth.stop());
    await auth.person();
    const { rows } = await auth.admin.query('SELECT content FROM auth_schema.mails');
    expect(rows[0].content).toMatch(/^k1\./);
  });
});
