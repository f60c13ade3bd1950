import { type Message, MessageType } from 'discord.js';
import { answerMessage, saveSaid } from '../chat/turn.ts';
import { welcomeCard } from '../commands/help.ts';
import { nonceOf } from '../commands/nonce.ts';
import type { Arrival } from '../db/queries/arrivals.ts';
import { getOrCreateCurrentChat } from '../db/queries/chats.ts';
import { answerSource } from '../db/queries/message-sources.ts';
import { getRecentMessages, saveMessage, saveReplies } from '../db/queries/messages.ts';
import { getUserByDiscordId } from '../db/queries/users.ts';
import type { Chat, Message as StoredMessage, User } from '../db/schema.ts';
import { TakenOverError } from '../errors.ts';
import { sayIn } from '../languages/say-in.ts';
import { messages, type Say } from '../messages.ts';
import { describeError, isExpected } from '../tools/describe-error.ts';
import { accessMessages, mayUse } from './access.ts';
import { arrivalOf, type BotContext, contextOfEvent } from './bot-context.ts';
import { sayInChannel } from './readers.ts';
import { replySender } from './reply-sender.ts';
import { turnSink } from './turn-sink.ts';

export const turnLimitMessages = messages('turn_limit', {
  isReached:
    'You have reached the limit of messages per hour. Talk to me again {when}; slash commands such as `/request` work meanwhile.',
});

/** Whoever wrote a message, as long as no row of theirs is read. */
const unknownPerson = { locale: null };

/** Handles one message to its end: a DM, a mention or a reply to the bot is a turn. Never throws. */
export async function handleMessage(shared: BotContext, message: Message): Promise<void> {
  if (!isForBot(shared, message)) return;
  const context = contextOfEvent(shared, message.id);
  const { log } = context.ledger;
  const begun = performance.now();
  let user: Pick<User, 'locale'> = unknownPerson;
  try {
    const who = { userId: message.author.id, guildId: message.guildId };
    if (!mayUse(context.access, who)) return await turnAway(context, message);
    const busyUntil = context.turnLimit.take(message.author.id);
    if (busyUntil !== null) return await sayLimit(context, message, busyUntil);
    const outcome = await answer(context, message, (known) => {
      user = known;
    });
    const ms = performance.now() - begun;
    context.metrics.turn(outcome, ms);
    log.debug({ outcome, ms: Math.round(ms) }, 'a message was handled');
  } catch (error) {
    if (error instanceof TakenOverError) return log.info('another process has taken over this message');
    context.metrics.turn('failed', performance.now() - begun);
    if (context.signal.aborted) return log.info('a message will be answered at the next start');
    log[isExpected(error) ? 'info' : 'error']({ err: error }, 'a message could not be answered');
    const content = describeError(error, sayInChannel(context.client, { channelId: message.channelId, user }));
    await replySender(message, context.ledger.log)
      .send({ content }, nonceOf(message.id, 'e'))
      .catch((sendError: unknown) => {
        log.warn({ err: sendError }, 'could not tell the person that their message failed');
      });
  }
}

/** Bots, webhooks, system messages, @everyone and role mentions are not for the bot. */
function isForBot(context: BotContext, message: Message): boolean {
  if (message.author.bot || message.webhookId !== null || message.system) return false;
  if (message.type !== MessageType.Default && message.type !== MessageType.Reply) return false;
  if (!message.inGuild()) return true;
  const { user } = context.client;
  // A reply with the ping switched off is a reply all the same.
  const isReply = message.mentions.repliedUser?.id === user.id;
  return isReply || message.mentions.has(user, { ignoreEveryone: true, ignoreRoles: true });
}

/** `met` is told who wrote it as soon as their row is read. */
async function answer(
  context: BotContext,
  message: Message,
  met: (user: User) => void,
): Promise<'answered' | 'duplicate'> {
  const { channelId, author } = message;
  // One after the other, so that the messages of one person are stored in the order in which they came.
  const inOrder = `arrival:${channelId}:${author.id}`;
  const { user, chat, said } = await context.chat.turns.run(inOrder, () => arrive(context, message));
  met(user);
  if (said === null) return 'duplicate';
  if (said.role === 'assistant') {
    await welcome(context, message, { saved: said, say: sayIn(user.locale) });
    return 'answered';
  }
  const sender = replySender(message, context.ledger.log);
  const say = sayInChannel(context.client, { channelId, user });
  const sink = turnSink(context, { sender, user, question: message.id, say });
  await answerMessage(context.chat, { user, chat, message: said }, sink);
  return 'answered';
}

type Said = { user: User; chat: Chat; said: StoredMessage | null };

/**
 * Who says it, where, and their words, stored; null when these were stored before. The first words of all are answered by the stored
 * welcome instead of the model: then that is given.
 */
async function arrive(context: BotContext, message: Message): Promise<Said> {
  const { channelId, guildId } = message;
  const arrival = await arrivalOf(context, message.author, { id: message.id, channelId });
  const { user } = arrival;
  const chat =
    arrival.chat ?? (await getOrCreateCurrentChat(context.ledger.db, { userId: user.id, channelId, guildId }));
  if (await isFirstContact(context, message, arrival))
    return { user, chat, said: await saveWelcome(context, message, { chat, say: sayIn(user.locale) }) };
  const [text, attachments] = [textOf(context, message), attachmentsOf(message)];
  return { user, chat, said: await saveSaid(context.chat, { chat, text, attachments, sourceMessageId: message.id }) };
}

/** What was said, without the mention that addressed the bot. */
function textOf(context: BotContext, message: Message): string {
  const mention = new RegExp(`<@!?${context.client.user.id}>`, 'g');
  return message.content
    .replace(mention, ' ')
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
}

function attachmentsOf(message: Message): { name: string; contentType: string | null; url: string; size: number }[] {
  return message.attachments.map(({ name, contentType, url, size }) => ({ name, contentType, url, size }));
}

async function isFirstContact(context: BotContext, message: Message, { configs, chat }: Arrival): Promise<boolean> {
  if (message.inGuild() || configs.length > 0) return false;
  return chat === null || (await getRecentMessages(context.ledger.db, { chatId: chat.id, limit: 1 })).length === 0;
}

/** Stores the first DM of a person and its answer; null when they were stored before. */
function saveWelcome(
  context: BotContext,
  message: Message,
  { chat, say }: { chat: Chat; say: Say },
): Promise<StoredMessage | null> {
  // Both or neither: a question stored alone would be taken for unanswered.
  return context.ledger.db.transaction(async (transaction) => {
    const { message: question, isNew } = await saveMessage(transaction, {
      chatId: chat.id,
      role: 'user',
      parts: [{ type: 'text', text: textOf(context, message) }],
      sourceMessageId: message.id,
    });
    if (!isNew) return null;
    const { message: answered } = await saveMessage(transaction, {
      chatId: chat.id,
      role: 'assistant',
      parts: [{ type: 'text', text: welcomeCard(say).text }],
      sourceMessageId: answerSource(question.id),
    });
    return answered;
  });
}

/** The first DM of a person without services: three lines on what to do, instead of a model that could do nothing. */
async function welcome(
  context: BotContext,
  message: Message,
  { saved, say }: { saved: StoredMessage; say: Say },
): Promise<void> {
  const sent = await replySender(message, context.ledger.log).send(welcomeCard(say).message, nonceOf(message.id, 0));
  if (sent === null) return;
  await saveReplies(context.ledger.db, { id: saved.id, chatId: saved.chatId, replyMessageIds: [sent.id] });
}

/** A stranger gets one private sentence an hour, and costs nothing more. */
async function turnAway(context: BotContext, message: Message): Promise<void> {
  if (!context.strangers.take(message.author.id)) return;
  // Nothing is stored of a stranger: where they wrote is all that tells their language.
  const say = sayInChannel(context.client, { channelId: message.channelId, user: unknownPerson });
  const content = say(accessMessages.isPrivate, { userId: message.author.id });
  await message.author.send({ content, allowedMentions: { parse: [] } }).catch((error: unknown) => {
    context.ledger.log.info({ err: error }, 'a stranger could not be told that the bot is private');
  });
}

async function sayLimit(context: BotContext, message: Message, until: number): Promise<void> {
  if (!context.strangers.take(`limit:${message.author.id}`)) return;
  const { channelId, author } = message;
  const user = message.inGuild() ? null : await getUserByDiscordId(context.ledger.db, { discordId: author.id });
  const say = sayInChannel(context.client, { channelId, user: user ?? unknownPerson });
  const content = say(turnLimitMessages.isReached, { when: `<t:${Math.ceil(until / 1000)}:R>` });
  await replySender(message, context.ledger.log).send({ content }, nonceOf(message.id, 'l'));
}
