import { type Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { callerKey } from './call.js';

/** The calling service's name from its token; throws when it is not to be answered. */
export type VerifyCaller = (token: string) => Promise<string>;

const healthPath = '/grpc.health.v1.Health/';

/** Refuses calls before their message is read, whatever the method: nothing is open by being forgotten. */
export function authenticate(verifyCaller: VerifyCaller): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, accept) {
            if (method.path.startsWith(healthPath)) return accept(metadata);
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
  const [header] = metadata.get('authorization');
  const token = String(header ?? '').replace(/^Bearer /, '');
  metadata.set(callerKey, await verifyCaller(token));
  metadata.remove('authorization');
}
