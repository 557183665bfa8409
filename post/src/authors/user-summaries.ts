import { type GetUserSummariesResponse, type UserSummary, UsersServiceClient } from '@bw/contracts/users';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { Log } from '@bw/service-kit/logging';
import { Metrics } from '@bw/service-kit/metrics';
import { ServiceIdentity } from '@bw/service-kit/security';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import { PostConfig } from '../config.js';

/** Asks auth who users are. After some failures in a row it stops asking for a while, so that no page waits in vain. */
@Injectable()
export class UserSummaries implements OnModuleDestroy {
  private readonly client: UsersServiceClient;
  private readonly circuit = circuitBreaker(handleAll, {
    halfOpenAfter: 2_000,
    breaker: new ConsecutiveBreaker(5),
  });

  constructor(config: PostConfig, identity: ServiceIdentity, log: Log, metrics: Metrics) {
    const { AUTH_GRPC_ADDRESS: address, AUTHORS_TIMEOUT: deadline } = config;
    this.client = connectService(UsersServiceClient, {
      address,
      callee: 'auth',
      identity,
      deadline,
      retry: true,
    });
    this.circuit.onBreak(() =>
      log.warn({ address }, 'auth does not answer: authors are shown as unavailable'),
    );
    this.circuit.onReset(() => log.info({ address }, 'auth answers again'));
    metrics.gauge('author_circuit_open', 'Whether auth is left alone because it did not answer.', () =>
      this.circuit.state === CircuitState.Closed ? 0 : 1,
    );
  }

  async get(ids: string[]): Promise<UserSummary[]> {
    const request = () =>
      callUnary<GetUserSummariesResponse>((done) => this.client.getUserSummaries({ ids }, done));
    const { users } = await this.circuit.execute(request);
    return users;
  }

  onModuleDestroy(): void {
    this.client.close();
  }
}
