import { Injectable } from '@nestjs/common';

/** Sessions that auth ended, for as long as an access token of theirs could still pass for valid. */
@Injectable()
export class EndedSessions {
  private readonly expiry = new Map<string, number>();

  add(sessionIds: readonly string[], tokensExpireAt: Date): void {
    for (const id of sessionIds) this.expiry.set(id, tokensExpireAt.getTime());
  }

  has(sessionId: string): boolean {
    return this.expiry.has(sessionId);
  }

  forgetExpired(now = Date.now()): void {
    for (const [id, expiresAt] of this.expiry) if (expiresAt <= now) this.expiry.delete(id);
  }
}
