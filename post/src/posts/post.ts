import type { Principal } from '@bw/service-kit/security';
import type { Author } from '../authors/author.dto.js';

const administrator = 'ADMIN';

/** A post as it is stored, without what only the database needs. */
export interface Post {
  readonly id: string;
  readonly title: string;
  readonly content: string;
  readonly images: string[];
  readonly createdBy: string | null;
  /** Times as in JSON, in UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** A post with its author, as every transport shows it. */
export type PostView = Post & { readonly author: Author | null };

export interface PostContent {
  readonly title: string;
  readonly content: string;
  readonly images?: string[];
}

/** Who acts. An administrator may do what the owner may. */
export interface Actor {
  readonly id: string;
  readonly isAdmin: boolean;
}

export const actorOf = ({ userId, role }: Principal): Actor => ({
  id: userId,
  isAdmin: role === administrator,
});

/** The versions a writer expects to find one of (If-Match). */
export type Versions = readonly number[];

/** `changed`: there and the actor's, but of none of the expected versions. */
export const deleteOutcomes = ['deleted', 'not_found', 'forbidden', 'changed'] as const;

export interface DeleteResult {
  readonly id: string;
  readonly outcome: (typeof deleteOutcomes)[number];
}
