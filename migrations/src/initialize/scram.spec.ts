import { describe, expect, it } from '@jest/globals';
import { matchesVerifier, scramVerifier } from './scram.js';

describe('scramVerifier', () => {
  it('is what PostgreSQL computes itself', () => {
    // SET password_encryption = 'scram-sha-256'; CREATE ROLE … PASSWORD 'pencil', with the salt of RFC 7677.
    expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('uses a fresh salt each time', () => {
    expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
  });
});

describe('matchesVerifier', () => {
  it('knows its own password and no other', () => {
    const stored = scramVerifier('pencil');
    expect(matchesVerifier('pencil', stored)).toBe(true);
    expect(matchesVerifier('Pencil', stored)).toBe(false);
  });

  it.each([null, '', 'md5c4ca4238a0b923820dcc509a6f75849b', 'SCRAM-SHA-256$4096'])(
    'does not match %p',
    (stored) => {
      expect(matchesVerifier('pencil', stored)).toBe(false);
    },
  );
});
