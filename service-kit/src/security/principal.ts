/** Whom a verified access token stands for. */
export interface Principal {
  readonly userId: string;
  readonly role: string;
  readonly sessionId: string;
  readonly tokenId: string;
  /** Seconds since 1970, as in the token. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal?: Principal;
  }
}
