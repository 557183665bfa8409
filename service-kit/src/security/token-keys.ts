import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';

/** The public keys of whoever signs access tokens. */
export interface TokenKeys {
  readonly find: JWTVerifyGetKey;
  /** Another one as soon as the keys are others. */
  readonly version: string;
}

/**
 * Keys published at an address: fetched when first needed, for a key not seen yet, and again each minute for the ones
 * withdrawn. While nobody answers there, those known stay good.
 */
export function remoteKeys(url: URL, refetchAfter = 60_000): TokenKeys {
  let created: ReturnType<typeof createRemoteJWKSet> | undefined;
  // With the first token: it loads all of fetch, which would hold up the start.
  const keys = () => {
    created ??= createRemoteJWKSet(url, {
      timeoutDuration: 2_000,
      cooldownDuration: 5_000,
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
    return created;
  };
  let version = '';
  let fetchedAt = 0;
  const refetch = async () => {
    fetchedAt = Date.now();
    await keys().reload();
    version = JSON.stringify(keys().jwks());
  };
  return {
    find: (header, token) => keys()(header, token),
    get version() {
      if (Date.now() - fetchedAt > refetchAfter) refetch().catch(() => undefined);
      return version;
    },
  };
}
