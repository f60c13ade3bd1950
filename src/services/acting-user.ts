import type { z } from 'zod';
import { ServiceError } from '../errors.ts';
import { messages } from '../messages.ts';
import type { Connection } from './service.ts';

export const actingUserMessages = messages('acting_user', {
  notChosen: '{label} refused: you have not chosen which of its users you are, and the key belongs to its owner.',
});

/**
 * Which of a server's users the actor is. Null: they act with the key alone, which only its owner may. Throws ServiceError for anyone
 * else who is no user there.
 */
export function actingUser(service: string, { actor }: Connection, id: z.ZodType<string>): string | null {
  const user = id.safeParse(actor.user);
  if (user.success) return user.data;
  if (actor.isOwner) return null;
  throw new ServiceError({ service, failure: 'rejected', sent: 'no', explained: actingUserMessages.notChosen });
}
