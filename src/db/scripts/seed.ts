import { isProduction } from '../../../drizzle.config.ts';
import { createKeyring, loadOrCreateKeyFile, parseEncryptionKeys } from '../encryption.ts';
import { getOrCreateCurrentChat } from '../queries/chats.ts';
import { saveMessage } from '../queries/messages.ts';
import { createServiceConfig, getServiceConfig } from '../queries/service-configs.ts';
import { createToolCall, finishToolCall } from '../queries/tool-calls.ts';
import { upsertUser } from '../queries/users.ts';
import { rowSchemas } from '../schema/row-schemas.ts';
import { SealedKey } from '../sealed-key.ts';
import { runScript } from './run-script.ts';

/** A person, their two servers at the usual ports with keys that open nothing, and one request that was done. */
const person = rowSchemas.user.insert.parse({ discordId: '100000000000000001', username: 'ada', displayName: 'Ada' });
const servers = [
  { serviceName: 'radarr', baseUrl: 'http://127.0.0.1:7878' },
  { serviceName: 'sonarr', baseUrl: 'http://127.0.0.1:8989' },
];

// `npm run db:seed`: data to develop with. Running it again changes nothing.
await runScript(
  async ({ connection, settings }) => {
    await connection.migrate();
    const { db } = connection;
    const keys =
      settings.encryptionKey === undefined
        ? (await loadOrCreateKeyFile(settings)).keys
        : parseEncryptionKeys(settings.encryptionKey);
    const keyring = createKeyring(keys);
    const { id: userId } = await upsertUser(db, person);
    for (const { serviceName, baseUrl } of servers) {
      if ((await getServiceConfig(db, { userId, serviceName })) !== null) continue;
      const apiKey = SealedKey.seal(keyring, 'a-key-that-opens-nothing', { userId, serviceName, baseUrl });
      await createServiceConfig(db, { userId, serviceName, baseUrl, apiKey });
    }
    const chat = await getOrCreateCurrentChat(db, { userId, channelId: '100000000000000002', guildId: null });
    const asked = await saveMessage(db, {
      chatId: chat.id,
      role: 'user',
      parts: [{ type: 'text', text: '/request movie title: Dune' }],
      sourceMessageId: '100000000000000003',
    });
    const { call } = await createToolCall(db, {
      userId,
      ownerId: userId,
      chatId: chat.id,
      messageId: asked.message.id,
      toolName: 'search_movies',
      input: { query: 'Dune' },
      effect: 'read',
      origin: 'command',
      status: 'running',
      dedupeKey: '100000000000000003',
      claimedBy: 'db:seed',
      leaseMs: 60_000,
    });
    await finishToolCall(db, call, {
      status: 'succeeded',
      endedBy: 'run',
      confirmedBy: 'answer',
      output: { results: [] },
    });
    console.log(`Seeded ${person.username} with ${servers.length} servers and one conversation.`);
  },
  { developmentOnly: { name: 'db:seed', isProduction } },
);
