import type { Principal } from '@bw/service-kit/security';

const administrator = 'ADMIN';

/** What is stored. */
export interface WidgetRow {
  readonly id: string;
  readonly text: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface WidgetContent {
  readonly text: string;
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
