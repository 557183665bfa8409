import { randomUUID } from 'node:crypto';
import { type Account, ConfirmationNeeded, send, signUp } from '../containers/account.js';
import { Checks, expectStatus } from './checks.js';

interface Post {
  id: string;
  author: { id: string; firstName: string | null } | null;
}

/** What a user does, end to end through the gateway, with accounts of its own that it removes at the end. */
async function checkSystem(base: string): Promise<Checks> {
  const checks = new Checks();
  await checkGateway(base, checks);
  const accounts: Account[] = [];
  const enrol = async () => {
    const account = await signUp(base);
    accounts.push(account);
    return account;
  };
  try {
    const author = await checks.run('someone signs up', () => unlessConfirmed(enrol));
    if (author === 'confirmed') {
      checks.skip(
        'what accounts do',
        'because signing up waits for a link that is mailed (SIGN_UP=confirmed)',
      );
      return checks;
    }
    if (author) await checkAccount(base, checks, author);
    const stranger = await checks.run('someone else signs up', enrol);
    if (author && stranger) await checkPosts(base, checks, author, stranger);
  } finally {
    for (const account of accounts) await removeAccount(base, checks, account);
  }
  return checks;
}

/** The account; `confirmed` where it waits for its owner to open a mail, which nobody can do here. */
async function unlessConfirmed(enrol: () => Promise<Account>): Promise<Account | 'confirmed'> {
  try {
    return await enrol();
  } catch (error) {
    if (error instanceof ConfirmationNeeded) return 'confirmed';
    throw error;
  }
}

async function checkGateway(base: string, checks: Checks): Promise<void> {
  await checks.run('the gateway answers', async () => {
    await expectStatus(await send(`${base}/health/live`, 'GET'), 200);
  });
  await checks.run('auth publishes its keys', async () => {
    const { keys } = await expectStatus<{ keys: unknown[] }>(
      await send(`${base}/.well-known/jwks.json`, 'GET'),
      200,
    );
    if (keys.length === 0) throw new Error('there is no key');
  });
  await checks.run('metrics and documentation have no way in from outside', async () => {
    for (const path of ['/metrics', '/docs', '/health/ready'])
      await expectStatus(await send(base + path, 'GET'), 404);
  });
  await checks.run('an unknown address is explained as problem+json', async () => {
    const answer = await send(`${base}/${randomUUID()}`, 'GET');
    if (!answer.headers.get('content-type')?.includes('application/problem+json'))
      throw new Error(`it is ${answer.headers.get('content-type')}`);
    if (!answer.headers.get('x-request-id')) throw new Error('it has no request id');
  });
}

async function checkAccount(base: string, checks: Checks, account: Account): Promise<void> {
  const { email, password } = account;
  await checks.run('the right password logs in, a wrong one does not', async () => {
    await expectStatus(await send(`${base}/v1/auth/login`, 'POST', { email, password }), 200);
    const wrong = { email, password: randomUUID() };
    await expectStatus(await send(`${base}/v1/auth/login`, 'POST', wrong), 401);
  });
  await checks.run('the own profile is shown to its owner only', async () => {
    const me = `${base}/v1/users/me`;
    const profile = await expectStatus<object>(await send(me, 'GET', undefined, account.accessToken), 200);
    if (JSON.stringify(profile).includes('$argon2')) throw new Error('it holds the password hash');
    await expectStatus(await send(me, 'GET'), 401);
  });
  await checks.run('a refresh token gives new tokens', async () => {
    const { refreshToken } = account;
    const answer = await send(`${base}/v1/auth/refresh`, 'POST', { refreshToken });
    Object.assign(account, await expectStatus<object>(answer, 200));
    if (account.refreshToken === refreshToken) throw new Error('it was not replaced');
  });
}

async function checkPosts(base: string, checks: Checks, author: Account, stranger: Account): Promise<void> {
  const posts = `${base}/v1/posts`;
  const post = await checks.run('a post is written', async () => {
    // Long enough for the gateway to compress it.
    const content = 'Written by ./prod.run, which deletes it again. '.repeat(20);
    const body = { title: 'A check', content };
    return expectStatus<Post>(await send(posts, 'POST', body, author.accessToken), 201);
  });
  if (!post) return;
  await checks.run('it is read with its author', async () => {
    const found = await expectStatus<Post>(await send(`${posts}/${post.id}`, 'GET'), 200);
    if (found.author?.firstName !== 'Check') throw new Error('the author is missing');
  });
  await checks.run('nobody else changes or deletes it', async () => {
    const change = { title: 'Taken over' };
    const { accessToken } = stranger;
    await expectStatus(await send(`${posts}/${post.id}`, 'PATCH', change, accessToken), 403, 404);
    await expectStatus(await send(`${posts}/${post.id}`, 'DELETE', undefined, accessToken), 403, 404);
  });
  await checks.run('its author changes it by the tag it was read with', async () => {
    const read = await send(`${posts}/${post.id}`, 'GET', undefined, undefined, {
      'accept-encoding': 'gzip',
    });
    await expectStatus(read, 200);
    const tag = { 'if-match': read.headers.get('etag') ?? '' };
    const change = () => send(`${posts}/${post.id}`, 'PATCH', { title: 'Changed' }, author.accessToken, tag);
    await expectStatus(await change(), 200);
    await expectStatus(await change(), 412);
  });
  await checks.run('its author deletes it', async () => {
    await expectStatus(await send(`${posts}/${post.id}`, 'DELETE', undefined, author.accessToken), 204);
    await expectStatus(await send(`${posts}/${post.id}`, 'GET'), 404);
  });
}

function removeAccount(base: string, checks: Checks, account: Account): Promise<unknown> {
  return checks.run(`the account ${account.email} is removed`, async () => {
    const { password, accessToken } = account;
    await expectStatus(await send(`${base}/v1/users/me`, 'DELETE', { password }, accessToken), 200, 204);
    const login = await send(`${base}/v1/auth/login`, 'POST', { email: account.email, password });
    await expectStatus(login, 401);
  });
}

const [base = 'http://127.0.0.1:8000'] = process.argv.slice(2);
const checks = await checkSystem(base.replace(/\/$/, ''));
console.log(checks.summary);
process.exitCode = checks.failed > 0 ? 1 : 0;
