import type { ServiceConfig, ToolCall } from '../db/schema.ts';
import { UserError } from '../errors.ts';
import { messages, type Saying } from '../messages.ts';
import { type ServiceName, serviceDefinitions } from '../services/registry.ts';
import type { Caller } from './caller.ts';

/** `see`: read from a server; `press`: change something there, or ask for it; `approve`: let somebody else’s call run. */
export type Act = 'see' | 'press' | 'approve';

/** A server that a person may use: its row, who they are there (null when they have not said), and what they may do there. */
export type HeldServer = { config: ServiceConfig; user: string | null; may: readonly Act[] };

/** One service of a stack. `owner` is `User.id` of whose server it is. */
export type OpenedService = HeldServer & { name: ServiceName; owner: string };

/**
 * What a caller is about to do. `of` is what it is done to: a call, or buttons that were made for one Discord user; what begins now
 * has none.
 */
export type Action = { act: Act; of?: Pick<ToolCall, 'userId' | 'ownerId'> | { discordId: string } };

/** `ownerId` is `ToolCall.ownerId` of that call. */
export type Permission = { isGiven: true; ownerId: string } | { isGiven: false; words: Saying };

export const permissionMessages = messages('permissions', {
  notYours: 'This belongs to someone else, so nothing was done. Type the command yourself, or ask me, to get your own.',
  twoOwners: 'This would act on servers of two people at once, so nothing was done. Ask for each server by itself.',
  notAllowed: 'This {label} belongs to someone else, who has not allowed you that. Ask them.',
  otherServer: 'This was made for another server than the one you have now, so nothing was done. Ask for it again.',
});

/** To whoever presses what belongs to somebody else. */
export const notYours: Saying = (say) => say(permissionMessages.notYours);

/**
 * The one place that says who may see, press or approve, on each of the services that it acts on. The predicates of
 * db/queries/tool-calls.ts follow it: only the actor changes a call that waits. Pure: asks nobody.
 */
export function authorise(
  caller: Caller,
  { act, of }: Action,
  services: readonly Pick<OpenedService, 'name' | 'owner' | 'may'>[],
): Permission {
  const { actor } = caller;
  // An approval is given by whom the server lets, so without one there is nobody.
  const isTheirs = act === 'approve' ? services.length > 0 : of === undefined || isFor(actor, of);
  if (!isTheirs) return refused(notYours);
  const owners = new Set(services.map(({ owner }) => owner));
  if (act !== 'see' && owners.size > 1) return refused((say) => say(permissionMessages.twoOwners));
  const closed = services.find(({ may }) => !may.includes(act));
  if (closed !== undefined) {
    const { label } = serviceDefinitions[closed.name];
    return refused((say) => say(permissionMessages.notAllowed, { label }));
  }
  const [owner = actor.id] = owners;
  const isOther = of !== undefined && 'ownerId' in of && owners.size > 0 && owner !== of.ownerId;
  if (isOther) return refused((say) => say(permissionMessages.otherServer));
  return { isGiven: true, ownerId: act === 'see' && services.length > 1 ? actor.id : owner };
}

/** `ToolCall.ownerId` of a call that begins now. Throws UserError when the caller may not. */
export function ownerOfCall(
  caller: Caller,
  act: Act,
  services: readonly Pick<OpenedService, 'name' | 'owner' | 'may'>[],
): string {
  const permission = authorise(caller, { act }, services);
  if (!permission.isGiven) throw new UserError(permission.words);
  return permission.ownerId;
}

function isFor(actor: Caller['actor'], of: NonNullable<Action['of']>): boolean {
  return 'discordId' in of ? of.discordId === actor.discordId : of.userId === actor.id;
}

function refused(words: Saying): Permission {
  return { isGiven: false, words };
}
