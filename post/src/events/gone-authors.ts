/** How long a request may still be at work that was let in with a token just before that expired. */
const lastRequest = 60_000;

/** Authors who are gone, for as long as a post of theirs can still arrive: a token may outlive them for a moment. */
export class GoneAuthors {
  private readonly until = new Map<string, number>();

  get ids(): string[] {
    return [...this.until.keys()];
  }

  follow(userId: string, isActive: boolean, tokensExpireAt: Date | null): void {
    if (isActive) this.until.delete(userId);
    else this.until.set(userId, (tokensExpireAt?.getTime() ?? Date.now()) + lastRequest);
  }

  forgetExpired(now = Date.now()): void {
    for (const [id, until] of this.until) if (until <= now) this.until.delete(id);
  }
}
