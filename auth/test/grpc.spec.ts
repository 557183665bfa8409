import { createPrivateKey } from 'node:crypto';
import { UserEventsServiceClient, UserEventType } from '@bw/contracts/user-events';
import { UserState, UsersServiceClient } from '@bw/contracts/users';
import { runInContext } from '@bw/service-kit/context';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { generateServiceKeys, ServiceIdentity } from '@bw/service-kit/security';
import { type Client, credentials, Metadata, makeClientConstructor, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { service as healthDefinition } from 'grpc-health-check';
import { SignJWT } from 'jose';
import { Auth, eventually } from './support/auth.js';
import { callerKeys } from './support/environment.js';

const keyOf = (privateKey: string) =>
  createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });

describe('between services', () => {
  let auth: Auth;
  let users: UsersServiceClient;
  let events: UserEventsServiceClient;
  const clients: Client[] = [];
  beforeAll(async () => {
    auth = await Auth.start();
    users = connect(UsersServiceClient);
    events = connect(UserEventsServiceClient);
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await auth.stop();
  });

  const address = () => `127.0.0.1:${auth.service.grpcPort}`;
  function connect<T extends Client>(
    Service: Parameters<typeof connectService<T>>[0],
    name = 'caller',
    key = callerKeys.privateKey,
    callee = 'auth',
  ): T {
    const identity = new ServiceIdentity(name, keyOf(key));
    const client = connectService(Service, { address: address(), callee, identity, deadline: 5_000 });
    clients.push(client);
    return client;
  }
  const summaries = (ids: string[], client = users) =>
    callUnary<{ users: { id: string; state: number; firstName?: string | undefined }[] }>((done) =>
      client.getUserSummaries({ ids }, done),
    );

  it('many users are summed up in one call, without what was deleted', async () => {
    const [active, deleted] = [
      await auth.person({ firstName: 'Ann' }),
      await auth.person({ firstName: 'Bob' }),
    ];
    await auth.client.delete('/v1/users/me', deleted.accessToken);
    const answer = await summaries([active.id, deleted.id, active.id, 'nobody']);
    expect(answer.users.sort((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      { id: active.id, state: UserState.ACTIVE, firstName: 'Ann' },
      { id: deleted.id, state: UserState.DELETED },
    ]);
    expect(answer.users.find(({ id }) => id === deleted.id)?.firstName).toBeUndefined();
  });

  it('more than a hundred ids are refused', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => `id${index}`);
    await expect(summaries(ids)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('a message that is too large is refused', async () => {
    await expect(summaries(['x'.repeat(1_100_000)])).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
  });

  it.each([
    ['an unknown service', () => connect(UsersServiceClient, 'stranger')],
    [
      'a known name with another key',
      () => connect(UsersServiceClient, 'caller', generateServiceKeys().privateKey),
    ],
    [
      'a token for another service',
      () => connect(UsersServiceClient, 'caller', callerKeys.privateKey, 'post'),
    ],
  ])('nothing is answered to %s', async (_name, client) => {
    await expect(summaries([], client())).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  });

  it('nothing is answered without a token, with an old one, or with a user’s', async () => {
    const plain = new UsersServiceClient(address(), credentials.createInsecure());
    clients.push(plain);
    const old = await new SignJWT()
      .setProtectedHeader({ alg: 'EdDSA', typ: 'service+jwt' })
      .setIssuer('caller')
      .setAudience('auth')
      .setJti('1')
      .setIssuedAt(Math.floor(Date.now() / 1_000) - 600)
      .setExpirationTime(Math.floor(Date.now() / 1_000) + 600)
      .sign(keyOf(callerKeys.privateKey));
    const { accessToken } = await auth.person();
    for (const token of [undefined, old, accessToken]) {
      const metadata = new Metadata();
      if (token) metadata.set('authorization', `Bearer ${token}`);
      const call = callUnary((done) => plain.getUserSummaries({ ids: [] }, metadata, done));
      await expect(call).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    }
  });

  it('health is open to anyone', async () => {
    const Health = makeClientConstructor(healthDefinition, 'grpc.health.v1.Health');
    const client = new Health(address(), credentials.createInsecure());
    clients.push(client);
    const answer = await callUnary((done) => client.check?.({ service: '' }, done));
    expect(answer).toEqual({ status: 'SERVING' });
  });

  describe('each call is recorded', () => {
    const method = 'bw.auth.v1.UsersService/GetUserSummaries';
    let before: number;
    beforeEach(() => {
      before = auth.log.lines.length;
    });
    const recorded = () =>
      auth.log.lines
        .slice(before)
        .map((line) => JSON.parse(line))
        .filter(({ msg }) => msg === 'call');

    it('in one line, with the request it belongs to, and counted', async () => {
      await runInContext({ requestId: 'my-id' }, () => summaries([]));
      expect(recorded()).toEqual([
        expect.objectContaining({
          level: 'info',
          requestId: 'my-id',
          method,
          status: 'OK',
          caller: 'caller',
        }),
      ]);
      expect(recorded()[0].milliseconds).toEqual(expect.any(Number));
      const { text } = await auth.client.get('/metrics');
      expect(text).toMatch(
        /grpc_request_duration_seconds_count\{method="bw\.auth\.v1\.UsersService\/GetUserSummaries",status="OK"\} \d+/,
      );
    });

    it('at debug where it belongs to no request and is answered', async () => {
      await summaries([]);
      await expect(summaries(['a\0b'])).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
      expect(recorded()).toMatchObject([
        { level: 'debug', method, status: 'OK' },
        { level: 'info', method, status: 'INVALID_ARGUMENT' },
      ]);
    });

    it('as a warning where the caller is refused, without what it claims to be and its token', async () => {
      const plain = new UsersServiceClient(address(), credentials.createInsecure());
      clients.push(plain);
      const metadata = new Metadata();
      metadata.set('authorization', 'Bearer canary');
      metadata.set('x-verified-service', 'caller');
      await expect(
        callUnary((done) => plain.getUserSummaries({ ids: [] }, metadata, done)),
      ).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
      expect(recorded()).toMatchObject([{ level: 'warn', method, status: 'UNAUTHENTICATED' }]);
      expect(recorded()[0]).not.toHaveProperty('caller');
      expect(auth.log.lines.join('')).not.toContain('canary');
    });

    it('also where it ends without an answer of the service', async () => {
      await expect(summaries(['x'.repeat(1_100_000)])).rejects.toMatchObject({
        code: status.RESOURCE_EXHAUSTED,
      });
      await eventually(async () =>
        expect(recorded()).toMatchObject([{ level: 'info', method, status: 'CANCELLED' }]),
      );
    });

    it('unless it is a health check', async () => {
      const Health = makeClientConstructor(healthDefinition, 'grpc.health.v1.Health');
      const client = new Health(address(), credentials.createInsecure());
      clients.push(client);
      await callUnary((done) => client.check?.({ service: '' }, done));
      expect(recorded()).toEqual([]);
    });
  });

  it('what happened to users is told in order, and can be read again from anywhere', async () => {
    const list = (afterSequence: number, pageSize = 500) =>
      callUnary<{ events: { sequence: number; userId: string; type: number; endedSessionIds: string[] }[] }>(
        (done) => events.listUserEvents({ afterSequence, pageSize }, done),
      );
    const start = (await list(0)).events.at(-1)?.sequence ?? 0;
    const people = await Promise.all(Array.from({ length: 8 }, () => auth.person()));
    await Promise.all(
      people.map(async ({ accessToken }) => {
        await auth.client.patch('/v1/users/me', { firstName: 'X' }, accessToken);
        await auth.client.delete('/v1/users/me', accessToken);
      }),
    );
    const all = (await list(start)).events;
    expect(all.map(({ sequence }) => sequence)).toEqual(
      all.map(({ sequence }) => sequence).sort((a, b) => a - b),
    );
    for (const { id } of people) {
      const own = all.filter(({ userId }) => userId === id);
      expect(own.map(({ type }) => type)).toEqual([UserEventType.UPDATED, UserEventType.DELETED]);
      expect(own[1]?.endedSessionIds).toHaveLength(1);
    }
    const page = (await list(start, 5)).events;
    expect([...page, ...(await list(page.at(-1)?.sequence ?? 0)).events]).toEqual(all);
  });

  it('no event appears behind one that was read, however transactions overlap', async () => {
    const person = await auth.person();
    const list = async () =>
      (
        await callUnary<{ events: { sequence: number }[] }>((done) =>
          events.listUserEvents({ afterSequence: 0, pageSize: 500 }, done),
        )
      ).events;
    let writing = true;
    const writers = Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let round = 0; round < 8; round += 1)
          await auth.client.patch('/v1/users/me', { lastName: 'Y' }, person.accessToken);
      }),
    ).finally(() => {
      writing = false;
    });
    const seen: number[] = [];
    while (writing) {
      const sequences = (await list()).map(({ sequence }) => sequence);
      expect(sequences.slice(0, seen.length)).toEqual(seen);
      seen.splice(0, seen.length, ...sequences);
    }
    await writers;
  });
});
