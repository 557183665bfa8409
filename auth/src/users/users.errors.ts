import { ConflictError, NotFoundError } from '@bw/service-kit/errors';

export const userNotFound = () => new NotFoundError('There is no such user.', 'user_not_found');
export const emailTaken = () => new ConflictError('This address belongs to another account.', 'email_taken');
export const ownAdministrator = () =>
  new ConflictError('Another administrator has to do this to you.', 'own_account');
