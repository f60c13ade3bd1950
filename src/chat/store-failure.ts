import { randomUUID } from 'node:crypto';
import { saveAnswer, saveMessage } from '../db/queries/messages.ts';
import type { HeldTurn } from '../db/queries/streams.ts';
import type { Say } from '../messages.ts';
import { describeError } from '../tools/describe-error.ts';
import type { LedgerContext } from '../tools/run-claimed.ts';
import type { Parts } from './parts.ts';

/** Stores that an answer failed, so that no process tries it again. `turn` is null if the turn could not be claimed. */
export async function storeFailure(
  { db, fence }: LedgerContext,
  about: { chatId: string; source: string; turn: HeldTurn | null; error: unknown; say: Say },
): Promise<void> {
  const { chatId, source, turn, error, say } = about;
  const parts: Parts = [{ type: 'text', text: describeError(error, say) }];
  if (turn !== null) {
    await saveAnswer(db, turn, { id: randomUUID(), parts, sourceMessageId: source });
    return;
  }
  await fence.beforeWrite();
  await saveMessage(db, { chatId, role: 'assistant', parts, sourceMessageId: source });
}
