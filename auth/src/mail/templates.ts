/** What we write to people. `token` is what the page behind the link sends to the API. */
export const templates = {
  verifyEmail: ({ url, token }: { url: string; token: string }) => ({
    subject: 'Confirm your address',
    text: `Please confirm that this address is yours:\n\n${url}/verify-email?token=${token}\n\nIf you have not signed up, ignore this message.`,
  }),
  addressTaken: ({ url }: { url: string }) => ({
    subject: 'You already have an account',
    text: `Somebody, perhaps you, tried to sign up with this address, which has an account already.\n\nLog in or choose a new password: ${url}\n\nIf it was not you, there is nothing to do.`,
  }),
  choosePassword: ({ url, token }: { url: string; token: string }) => ({
    subject: 'Choose a password',
    text: `Somebody, perhaps you, signed up with this address more than once. If it was you, choose a password within 30 minutes, which confirms the address, too:\n\n${url}/reset-password?token=${token}\n\nIf you have not signed up, ignore this message.`,
  }),
  resetPassword: ({ url, token }: { url: string; token: string }) => ({
    subject: 'Choose a new password',
    text: `Choose a new password within 30 minutes:\n\n${url}/reset-password?token=${token}\n\nIf you have not asked for this, ignore this message: your password stays as it is.`,
  }),
  passwordChanged: ({ url }: { url: string }) => ({
    subject: 'Your password was changed',
    text: `The password of your account was changed. If it was not you, choose a new one now: ${url}`,
  }),
  confirmNewAddress: ({ url, token }: { url: string; token: string }) => ({
    subject: 'Confirm your new address',
    text: `Please confirm your new address:\n\n${url}/verify-email?token=${token}\n\nUntil then your account keeps the old one.`,
  }),
  addressChangeRequested: ({ url }: { url: string }) => ({
    subject: 'Your address is about to change',
    text: `Somebody signed in to your account asked to replace this address by another one. If it was not you, change your password now: ${url}`,
  }),
  accountDeleted: () => ({
    subject: 'Your account was deleted',
    text: 'Your account was deleted as you asked. If it was not you, write to us: it can be restored for some time.',
  }),
} as const;
