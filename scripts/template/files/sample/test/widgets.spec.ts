import { createPrivateKey } from 'node:crypto';
import { type ListWidgetsResponse, type Widget, WidgetsServiceClient } from '@bw/contracts/widgets';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { ServiceIdentity } from '@bw/service-kit/security';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSample, type TestSample } from './support/sample-service.js';

const userId = crypto.randomUUID();

describe('widgets', () => {
  let app: TestSample;
  let headers: { authorization: string };

  beforeAll(async () => {
    app = await startSample();
    headers = { authorization: `Bearer ${await app.issuer.token(userId)}` };
  });
  afterAll(() => app.stop());

  const create = (text: unknown) => app.http.post('/v1/widgets').set(headers).send({ text });
  const get = (path: string) => app.http.get(`/v1/widgets${path}`);

  describe('over HTTP', () => {
    it('are created, read, changed and deleted', async () => {
      const { status: code, body } = await create('  Hello\r\nyou ');
      expect(code).toBe(201);
      expect(body).toEqual({
        id: expect.any(String),
        text: 'Hello\nyou',
        createdBy: userId,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      });
      expect((await get(`/${body.id}`)).body).toEqual(body);
      const changed = await app.http.patch(`/v1/widgets/${body.id}`).set(headers).send({ text: 'Bye' });
      expect(changed.body).toMatchObject({ id: body.id, text: 'Bye', createdAt: body.createdAt });
      expect(Date.parse(changed.body.updatedAt)).toBeGreaterThanOrEqual(Date.parse(body.updatedAt));
      expect((await app.http.delete(`/v1/widgets/${body.id}`).set(headers)).status).toBe(204);
      expect((await get(`/${body.id}`)).body).toMatchObject({ status: 404, code: 'widget_not_found' });
    });

    it.each([
      ['none', undefined],
      ['a number', 1],
      ['an empty one', ' '],
      ['control characters', 'a\u0000b'],
      ['10,001 characters', 'x'.repeat(10_001)],
    ])('are refused when the text is %s', async (_, text) => {
      const { body } = await create(text);
      expect(body).toMatchObject({ status: 400, code: 'invalid_input' });
      expect(body.errors[0].pointer).toBe('/text');
    });

    it('refuse a change that changes nothing, or sets null', async () => {
      const { body } = await create('Hello');
      for (const [changes, pointer] of [
        [{}, ''],
        [{ text: null }, '/text'],
      ] as const) {
        const answer = await app.http.patch(`/v1/widgets/${body.id}`).set(headers).send(changes);
        expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
      }
      expect((await get(`/${body.id}`)).body).toEqual(body);
    });

    it.each(['patch', 'delete'] as const)('that do not exist answer 404 to %s', async (method) => {
      const path = `/v1/widgets/${crypto.randomUUID()}`;
      const answer = await app.http[method](path).set(headers).send({ text: 'Text' });
      expect(answer.body).toMatchObject({ status: 404, code: 'widget_not_found' });
    });
  });

  describe('in pages', () => {
    const otherId = crypto.randomUUID();
    const texts = ['1', '2', '3', '4', '5'];

    beforeAll(async () => {
      const authorization = `Bearer ${await app.issuer.token(otherId)}`;
      for (const text of texts) {
        await create('in between');
        await app.http.post('/v1/widgets').set({ authorization }).send({ text });
      }
    });

    it('come newest first, each once, also when some are added or deleted meanwhile', async () => {
      const seen: string[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await get(`?createdBy=${otherId}&limit=2${cursor}`);
        seen.push(...body.data.map(({ text }: { text: string }) => text));
        if (body.page.next === null) break;
        cursor = `&cursor=${body.page.next}`;
        await create('meanwhile');
      }
      expect(seen).toEqual(texts.toReversed());
    });

    it.each(['cursor=nonsense', 'limit=0', 'createdBy=me', 'cursor='])(
      'are refused for %s',
      async (query) => {
        expect((await get(`?${query}`)).body).toMatchObject({ status: 400, code: 'invalid_input' });
      },
    );

    it('have cursors that belong to one list', async () => {
      const { body } = await get('?limit=1');
      expect((await get(`?limit=1&createdBy=${otherId}&cursor=${body.page.next}`)).status).toBe(400);
    });
  });

  describe('over gRPC', () => {
    let client: WidgetsServiceClient;
    beforeAll(() => {
      const key = Buffer.from(app.callerKey, 'base64');
      client = connectService(WidgetsServiceClient, {
        address: `127.0.0.1:${app.service.grpcPort}`,
        callee: 'sample',
        identity: new ServiceIdentity('tester', createPrivateKey({ key, format: 'der', type: 'pkcs8' })),
        deadline: 5_000,
      });
    });
    afterAll(() => client.close());

    it('are read as over HTTP', async () => {
      const { body } = await create('Hello');
      const read = await callUnary<Widget>((done) => client.getWidget({ id: body.id }, done));
      expect({ ...read, createdAt: read.createdAt?.toISOString() }).toMatchObject({
        text: 'Hello',
        createdBy: userId,
        createdAt: body.createdAt,
      });
      const page = await callUnary<ListWidgetsResponse>((done) => client.listWidgets({ limit: 1 }, done));
      expect(page).toMatchObject({ widgets: [{ id: body.id }], next: expect.any(String) });
    });

    it('answer NOT_FOUND and INVALID_ARGUMENT', async () => {
      const read = (id: string) => callUnary<Widget>((done) => client.getWidget({ id }, done));
      await expect(read(crypto.randomUUID())).rejects.toMatchObject({ code: status.NOT_FOUND });
      await expect(read('nonsense')).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    });
  });
});
