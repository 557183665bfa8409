import { type Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { callerKey } from './call.js';
import { isHealthCheck } from './health.js';

/** The calling service's name from its token; throws when it is not to be answered. */
export type VerifyCaller = (token: string) => Promise<string>;

/** Refuses calls before their message is read, whatever the method: nothing is open by being forgotten. */
export function authenticate(verifyCaller: VerifyCaller): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, accept) {
            if (isHealthCheck(method.path)) return accept(metadata);
            identify(metadata, verifyCaller).then(
              () => accept(metadata),
              () =>
                call.sendStatus({
                  code: status.UNAUTHENTICATED,
                  details: 'The calling service is not known.',
                }),
            );
          },
        });
      },
    });
}

async function identify(metadata: Metadata, verifyCaller: VerifyCaller): Promise<void> {
  // Nobody says by himself who he is: a refused call is recorded too.
  metadata.remove(callerKey);
  const [header] = metadata.get('authorization');
  const token = String(header ?? '').replace(/^Bearer /, '');
  metadata.set(callerKey, await verifyCaller(token));
  metadata.remove('authorization');
}
