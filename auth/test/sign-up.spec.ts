import { describe, expect, it } from '@jest/globals';
import { Auth, password } from './support/auth.js';

describe('an address', () => {
  it.each([
    '"a\r\nBcc: x@y.example"@example.com',
    '"a\u0001b"@example.com',
    'a\u200bb@example.com',
    '\ud800@example.com',
  ])('is refused that cannot be printed: %j', async (email) => {
    const auth = await Auth.start();
    try {
      expect((await auth.client.post('/v1/auth/signup', { email, password })).status).toBe(400);
    } finally {
      await auth.stop();
    }
  });
});

describe('sign-up confirmed by mail', () => {
  it('answers the same for a free and a taken address, and signs nobody in before', async () => {
    const auth = await Auth.start({ SIGN_UP: 'confirmed' });
    try {
      const email = 'quiet@example.com';
      const signUp = () => auth.client.post('/v1/auth/signup', { email, password });
      const free = await signUp();
      const token = await auth.tokenMailedTo(email, 'Confirm your address');
      expect((await auth.client.post('/v1/auth/login', { email, password })).status).toBe(401);
      await auth.client.post('/v1/auth/verify-email', { token });
      const taken = await signUp();
      expect([taken.status, taken.text]).toEqual([free.status, free.text]);
      expect(free.status).toBe(202);
      expect(await auth.mailTo(email, 'You already have an account')).toContain(email);
      expect((await auth.client.post('/v1/auth/login', { email, password })).status).toBe(200);
    } finally {
      await auth.stop();
    }
  });

  it('lets nobody in who signed up before with the address of somebody else', async () => {
    const auth = await Auth.start({ SIGN_UP: 'confirmed' });
    try {
      const email = 'owner@example.com';
      const signUp = (secret: string) => auth.client.post('/v1/auth/signup', { email, password: secret });
      const logIn = (secret: string) => auth.client.post('/v1/auth/login', { email, password: secret });
      await signUp('the passphrase of a squatter');
      const early = await auth.tokenMailedTo(email, 'Confirm your address');
      await signUp(password);
      const token = await auth.tokenMailedTo(email, 'Choose a password');
      expect((await auth.client.post('/v1/auth/verify-email', { token: early })).body.code).toBe(
        'invalid_link',
      );
      expect((await auth.client.post('/v1/auth/password/reset', { token, password })).status).toBe(204);
      expect((await logIn('the passphrase of a squatter')).status).toBe(401);
      expect((await logIn(password)).status).toBe(200);
    } finally {
      await auth.stop();
    }
  });
});
