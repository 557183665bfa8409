import { SetMetadata } from '@nestjs/common';

/** So many requests from one address in so many seconds, counted for all replicas together. */
export interface Limit {
  readonly name: string;
  readonly quota: number;
  readonly window: number;
}

export const limitKey = 'auth:limit';

export const Limited = (name: string, quota: number, window = 60) =>
  SetMetadata<string, Limit>(limitKey, { name, quota, window });
