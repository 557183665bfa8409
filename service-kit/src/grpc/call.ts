import type { Metadata } from '@grpc/grpc-js';

export const callerKey = 'x-verified-service';
export const userTokenKey = 'x-user-token';

/** Who calls, from the metadata that is a handler's second argument. */
export interface Call {
  /** The service that calls, proven by its token. */
  readonly caller: string;
  /** The user it calls for, as an access token that has not been verified. */
  readonly userToken: string | undefined;
}

export function callOf(metadata: Metadata): Call {
  const [caller] = metadata.get(callerKey);
  const [userToken] = metadata.get(userTokenKey);
  return { caller: String(caller), userToken: userToken === undefined ? undefined : String(userToken) };
}
