import { followCard } from '../../db/queries/followed-cards.ts';
import type { ToolCall, User } from '../../db/schema.ts';
import type { Say } from '../../messages.ts';
import type { LedgerContext } from '../../tools/run-claimed.ts';
import { type StoredToken, tokenLifeMs } from '../interaction-token.ts';
import { endWords, signatureOf } from './ended-card.ts';
import { type Followed, isFollowable } from './followed-card.ts';
import { knownTitle } from './known-title.ts';
import type { Shown } from './surface.ts';

/** A message that shows how a call ended, in its readers' language, and by whose right it can be edited. */
export type Delivered = { way: Shown['way']; message: Shown['message']; say: Say; isSigned: boolean };

/**
 * From here on the message shows how the request comes on, whoever wrote it and in whichever process. Never throws: the request
 * itself is made.
 */
export async function startFollowing(
  context: { ledger: LedgerContext; user: Pick<User, 'displayName' | 'username'> },
  { interactionToken, tokenExpiresAt }: StoredToken,
  call: ToolCall,
  { way, message, say, isSigned }: Delivered,
): Promise<void> {
  if (!isFollowable(call)) return;
  const now = Date.now();
  const followed: Followed = {
    way,
    title: knownTitle(call, say),
    signature: isSigned ? signatureOf(context.user, say) : null,
    since: now,
    lookedAt: now,
    editedAt: now,
    editsUntil: (tokenExpiresAt?.getTime() ?? now) - tokenLifeMs + context.ledger.limits.tokenMs,
    offersRefresh: false,
    quiet: 0,
    shown: endWords(call, say),
    progress: null,
  };
  try {
    await followCard(context.ledger.db, {
      toolCallId: call.id,
      channelId: message.channelId,
      discordMessageId: message.id,
      interactionToken,
      tokenExpiresAt,
      watchState: followed,
      inMs: context.ledger.limits.progressMs,
    });
  } catch (error) {
    context.ledger.log.warn({ callId: call.id, err: error }, 'the progress of a request will not be shown');
  }
}
