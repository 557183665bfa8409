import { expect, it } from '@jest/globals';
import { explainConnection } from './explain.js';

it.each(['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  'explains %s by the certificate, and does not say that nobody answers',
  (code) => {
    const error = Object.assign(new Error('it is not trusted'), { code });
    expect(explainConnection(error, 'postgresql://auth_owner:s3cret@db.example.com/postgres')).toMatchObject({
      code: 'CERTIFICATE',
      message: 'The certificate of db.example.com:5432 is not accepted: it is not trusted.',
      hint: expect.stringContaining('sslrootcert'),
    });
  },
);
