import { createPublicKey, type KeyObject } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type ListUserEventsRequest,
  type ListUserEventsResponse,
  type UserEvent,
  userEventsServiceDefinition,
} from '@bw/contracts/user-events';
import {
  type GetUserSummariesRequest,
  type GetUserSummariesResponse,
  UserState,
  type UserSummary,
  usersServiceDefinition,
} from '@bw/contracts/users';
import { freePort } from '@bw/scripts/processes';
import { GrpcController, grpcOptions } from '@bw/service-kit/grpc';
import { createLog, Log } from '@bw/service-kit/logging';
import { verifyService } from '@bw/service-kit/security';
import { TokenIssuer } from '@bw/service-kit/testing';
import { Tracing } from '@bw/service-kit/tracing';
import { type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod } from '@nestjs/microservices';

/**
 * Stands in for auth where a test needs an auth that is slow, wrong or gone: real gRPC and HTTP on loopback, and keys
 * of its own. The end-to-end test has the real one.
 */
export class FakeAuth {
  readonly users = new Map<string, UserSummary>();
  readonly events: UserEvent[] = [];
  /** Ids asked for, call by call. */
  readonly summaryCalls: string[][] = [];
  delay = 0;
  failing = false;
  /** Answers other users than those it is asked for, and the same events again and again. */
  wrong = false;
  /** Public keys of the services it answers. */
  readonly trusted = new Map<string, KeyObject>();
  private grpc: INestMicroservice | undefined;
  private port = 0;

  private constructor(private readonly tokens: TokenIssuer) {}

  static async start(): Promise<FakeAuth> {
    const auth = new FakeAuth(await TokenIssuer.start('post'));
    await auth.startGrpc();
    return auth;
  }

  get issuer(): string {
    return this.tokens.name;
  }

  get jwksUrl(): string {
    return this.tokens.jwksUrl;
  }

  /** How often somebody has fetched the keys. */
  get jwksCalls(): number {
    return this.tokens.fetches;
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.port}`;
  }

  async startGrpc(): Promise<void> {
    if (this.grpc) return;
    this.port ||= await freePort();
    const log = createLog({ service: 'fake auth', level: 'silent' });
    const options = grpcOptions({
      url: `127.0.0.1:${this.port}`,
      services: [usersServiceDefinition, userEventsServiceDefinition],
      verifyCaller: (token) => verifyService(token, { callee: 'auth', trusted: this.trusted }),
      log,
      metrics: { observeCall: () => undefined },
    });
    const providers = [
      { provide: FakeAuth, useValue: this },
      { provide: Log, useValue: log },
      { provide: Tracing, useValue: new Tracing() },
    ];
    const module = { module: FakeAuthModule, providers };
    this.grpc = await NestFactory.createMicroservice(module, {
      ...options,
      logger: false,
      abortOnError: false,
    });
    await this.grpc.listen();
  }

  async stopGrpc(): Promise<void> {
    await this.grpc?.close();
    this.grpc = undefined;
  }

  /** Behaves as badly as the test asks for. */
  async misbehave(): Promise<void> {
    await wait(this.delay, undefined, { ref: false });
    if (this.failing) throw new Error('broken');
  }

  trust(name: string, publicKey: string): void {
    const der = Buffer.from(publicKey, 'base64');
    this.trusted.set(name, createPublicKey({ key: der, format: 'der', type: 'spki' }));
  }

  addUser(id: string, names: Partial<UserSummary> = {}): void {
    this.users.set(id, {
      id,
      firstName: undefined,
      lastName: undefined,
      avatar: undefined,
      state: UserState.ACTIVE,
      ...names,
    });
  }

  token(
    userId: string,
    claims: Record<string, unknown> = {},
    expiresIn = '5m',
    more: { issuer?: string; audience?: string; typ?: string } = {},
  ): Promise<string> {
    return this.tokens.token(userId, claims, { expiresIn, ...more });
  }

  async stop(): Promise<void> {
    await this.stopGrpc();
    await this.tokens.stop();
  }
}

@GrpcController()
class FakeAuthController {
  constructor(private readonly auth: FakeAuth) {}

  @GrpcMethod('UsersService', 'getUserSummaries')
  async getUserSummaries({ ids }: GetUserSummariesRequest): Promise<GetUserSummariesResponse> {
    this.auth.summaryCalls.push(ids);
    await this.auth.misbehave();
    if (this.auth.wrong)
      return { users: ids.map(() => ({ id: crypto.randomUUID(), state: 99 as UserState })) };
    return { users: ids.flatMap((id) => this.auth.users.get(id) ?? []) };
  }

  @GrpcMethod('UserEventsService', 'listUserEvents')
  async listUserEvents({ afterSequence, pageSize }: ListUserEventsRequest): Promise<ListUserEventsResponse> {
    await this.auth.misbehave();
    const events = this.auth.events.filter(({ sequence }) => this.auth.wrong || sequence > afterSequence);
    return { events: events.slice(0, pageSize) };
  }
}

@Module({ controllers: [FakeAuthController] })
class FakeAuthModule {}
