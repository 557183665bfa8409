import { createPrivateKey } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { UsersServiceClient } from '@bw/contracts/users';
import { ConfigurationError } from '@bw/service-kit/config';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { ServiceIdentity } from '@bw/service-kit/security';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthConfig } from '../src/config/index.js';
import { Auth } from './support/auth.js';
import { Authority } from './support/certificates.js';
import { callerKeys, environment } from './support/environment.js';

describe('between machines', () => {
  let auth: Auth;
  let folders: { auth: string; caller: string; stranger: string };
  beforeAll(async () => {
    const [ours, foreign] = await Promise.all([Authority.create(), Authority.create()]);
    folders = {
      auth: await ours.issue('auth'),
      caller: await ours.issue('caller'),
      stranger: await foreign.issue('caller'),
    };
    auth = await Auth.start({ GRPC_TLS_FOLDER: folders.auth });
  });
  afterAll(async () => {
    await auth.stop();
    for (const folder of Object.values(folders)) await rm(folder, { recursive: true });
  });

  const configured = (folder: string) =>
    new AuthConfig(environment('postgresql://x', { GRPC_TLS_FOLDER: folder }));
  async function call(folder?: string): Promise<unknown> {
    const key = createPrivateKey({
      key: Buffer.from(callerKeys.privateKey, 'base64'),
      format: 'der',
      type: 'pkcs8',
    });
    const tls = folder === undefined ? undefined : configured(folder).GRPC_TLS_FOLDER;
    const client = connectService(UsersServiceClient, {
      address: `127.0.0.1:${auth.service.grpcPort}`,
      callee: 'auth',
      identity: new ServiceIdentity('caller', key, tls),
      deadline: 5_000,
    });
    try {
      return await callUnary((done) => client.getUserSummaries({ ids: [] }, done));
    } finally {
      client.close();
    }
  }

  it('calls are encrypted, and each side shows a certificate of the authority', async () => {
    expect(await call(folders.caller)).toEqual({ users: [] });
  });

  it('nothing is answered to a certificate of another authority, or to none', async () => {
    for (const folder of [folders.stranger, undefined]) {
      await expect(call(folder)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    }
  });

  it('a folder without the files keeps the service from starting, and each is named', () => {
    expect(() => configured('/nowhere')).toThrow(ConfigurationError);
    expect(() => configured('/nowhere')).toThrow(/tls\.crt[\s\S]*tls\.key[\s\S]*ca\.crt/);
  });
});
