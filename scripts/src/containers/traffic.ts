import { refresh, send, signUp } from './account.js';

/** What a client saw that it should not have. */
export interface Failure {
  request: string;
  reason: string;
}

export interface TrafficReport {
  sent: number;
  failures: Failure[];
  /** The longest a request took, in milliseconds. */
  slowest: number;
}

interface Traffic {
  report: TrafficReport;
  stop(): Promise<unknown>;
}

type Send = () => Promise<Response>;

/** What users see while `work` is done; they go when it fails, too, or they would keep the process and a core busy. */
export async function whileUsersAreThere<Outcome>(
  base: string,
  work: () => Promise<Outcome>,
): Promise<{ outcome: Outcome; report: TrafficReport }> {
  const { report, stop } = await startUsers(base);
  const outcome = await work().finally(stop);
  return { outcome, report };
}

/** What they do all day, through the gateway: read posts, look at their own profile, change it. */
async function startUsers(base: string): Promise<Traffic> {
  const token = await keepSignedIn(base);
  const me = `${base}/v1/users/me`;
  return startTraffic({
    list: () => send(`${base}/v1/posts`, 'GET'),
    profile: async () => send(me, 'GET', undefined, await token()),
    change: async () => send(me, 'PATCH', { firstName: 'Anna' }, await token()),
  });
}

/** A new account's access token, replaced before it ends, which on a busy machine an update may outlast. */
async function keepSignedIn(base: string): Promise<() => Promise<string>> {
  const lifetime = 60_000;
  let account = Promise.resolve(await signUp(base));
  let expires = Date.now() + lifetime;
  return async () => {
    if (Date.now() > expires) {
      expires = Date.now() + lifetime;
      account = account.then((present) => refresh(base, present));
    }
    return (await account).accessToken;
  };
}

/** Clients that send one request after the other, reads and writes alike, until stopped. */
function startTraffic(requests: Record<string, Send>, clients = 4): Traffic {
  const report: TrafficReport = { sent: 0, failures: [], slowest: 0 };
  let isOver = false;
  const client = async (): Promise<void> => {
    while (!isOver) {
      for (const [name, send] of Object.entries(requests)) await observe(name, send, report);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  const stop = () => {
    isOver = true;
    return running;
  };
  return { report, stop };
}

async function observe(request: string, send: Send, report: TrafficReport): Promise<void> {
  const began = performance.now();
  try {
    const answer = await send();
    const body = await answer.text();
    if (!answer.ok) report.failures.push({ request, reason: `${answer.status} ${body.slice(0, 200)}` });
  } catch (error) {
    report.failures.push({ request, reason: reasonOf(error) });
  }
  report.sent++;
  report.slowest = Math.max(report.slowest, performance.now() - began);
}

function reasonOf(error: unknown): string {
  // In Jest the errors of fetch are of another realm: instanceof does not know them.
  const { message, cause } = error as { message: string; cause?: { message?: string } };
  return cause?.message ? `${message}: ${cause.message}` : message;
}
