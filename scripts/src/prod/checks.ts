/** Runs checks one after the other, says what became of each and counts. */
export class Checks {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** What the check answered; undefined when it failed. */
  async run<T>(name: string, check: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await check();
      this.passed++;
      console.log(`✓ ${name}`);
      return result;
    } catch (error) {
      this.failed++;
      console.log(`✗ ${name}: ${reasonOf(error)}`);
      return undefined;
    }
  }

  /** What cannot be checked here, and why. */
  skip(name: string, reason: string): void {
    this.skipped++;
    console.log(`- ${name}: skipped, ${reason}`);
  }

  get summary(): string {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}

/** The body of an answer that has one of the statuses. */
export async function expectStatus<Body>(answer: Response, ...statuses: number[]): Promise<Body> {
  const text = await answer.text();
  if (!statuses.includes(answer.status))
    throw new Error(
      `${answer.url} answered ${answer.status} instead of ${statuses.join(' or ')}: ${text.slice(0, 300)}`,
    );
  return (answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as Body;
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
