import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabase } from '../database/start-database.ts';
import { type PlaygroundDiscord, startDiscord } from '../discord/start-discord.ts';
import { startModel } from '../model/start-model.ts';
import { type PlaygroundServers, startServers } from '../servers/start-servers.ts';
import { act } from './act.ts';
import { Behind, serverId } from './behind.ts';
import { BotSwitch } from './bot-switch.ts';
import { DiscordView } from './discord-view.ts';
import { coalesced, Live } from './live.ts';
import { watchModel } from './model-watch.ts';
import type { Told } from './protocol.ts';
import type { PageRequest } from './requests.ts';
import { setUp, setUpAll } from './set-up.ts';
import { startWebServer } from './web-server.ts';

export type Playground = {
  /** Where the page is. */
  url: string;
  discord: PlaygroundDiscord;
  servers: PlaygroundServers;
  bot: BotSwitch;
  behind: Behind;
  stop(): Promise<void>;
};

const redrawMs = 30;

/** Starts the playground and its page, and the bot on it. */
export async function startPlayground(options: {
  host: string;
  port: number;
  /** Settings of the bot's model when it is not the playground's own. */
  model: Record<string, string> | null;
}): Promise<Playground> {
  const folder = await mkdtemp(join(tmpdir(), 'assistarr-playground-'));
  const [discord, servers, ownModel, database] = await Promise.all([
    startDiscord(),
    startServers('Ada'),
    startModel(),
    startDatabase(),
  ]);
  const model = options.model ?? { OPENAI_BASE_URL: ownModel.url, OPENAI_API_KEY: ownModel.apiKey };
  const watch = await watchModel(model.OPENAI_BASE_URL ?? 'https://api.openai.com/v1', () => behind.changed());
  discord.person('Ada', { owner: true }).dm();
  const grace = discord.person('Grace');
  for (const person of [grace, discord.person('Linus')]) person.dm();
  const view = new DiscordView(discord, new Set([grace.id]));
  const bot = new BotSwitch(
    {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATA_DIR: folder,
      ALLOWED_USERS: grace.id,
      LOG_LEVEL: 'info',
      POSTGRES_URL: database.url,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      // A bot that was killed leaves leases; nobody wants to wait half a minute to see them taken over.
      LEASE_MS: '5000',
      // Nor a quarter of one to see a download come on.
      PROGRESS_INTERVAL_MS: '3000',
      // OpenAI's own address has the newer interface, and others the older one: as the bot would choose by itself.
      OPENAI_API: model.OPENAI_BASE_URL === undefined ? 'responses' : 'chat',
      ...model,
      OPENAI_BASE_URL: watch.url,
    },
    coalesced(() => live.tell({ kind: 'bot', bot: bot.view() }), redrawMs),
  );

  const greet = (): Told[] => [
    {
      kind: 'start',
      people: view.people(),
      channels: view.channels(),
      messages: view.messages(),
      serverName: 'Playground',
      modelName: options.model === null ? 'the playground’s own' : (options.model.OPENAI_MODEL ?? 'gpt-5-mini'),
      filesAt: discord.state.baseUrl,
    },
    { kind: 'commands', commands: discord.state.commands },
    { kind: 'pending', pending: view.pending() },
    { kind: 'bot', bot: bot.view() },
    ...behind.greeting(),
  ];

  async function perform(request: PageRequest): Promise<unknown> {
    switch (request.do) {
      case 'bot':
        if (request.to === 'start') await bot.start();
        else await bot.end(request.to === 'kill' ? 'SIGKILL' : 'SIGTERM');
        return null;
      case 'fault':
        behind.setFault(request.server, request.fault);
        return null;
      case 'decide':
        servers.jellyseerr.decide(request.requestId, request.isApproved);
        behind.changed();
        return null;
      case 'tick':
        behind.tick(10);
        return null;
      case 'clock':
        behind.setClock(request.isRunning);
        return null;
      case 'set-up':
        if (request.server === null) await setUpAll(discord, servers, request.as);
        else await setUp(discord, servers, { personId: request.as, id: serverId(request.server) });
        return null;
      default:
        return act(discord, request);
    }
  }

  const live = new Live(greet, perform);
  const behind = new Behind({ servers, database, model: watch, tell: (told) => live.tell(told) });
  const refresh = discordRefresher(discord, view, live);
  const changed = coalesced(refresh, redrawMs);
  discord.state.changes.on('change', changed);
  // What fails does so by time alone.
  const beat = setInterval(changed, 500);
  const page = await startWebServer({
    state: discord.state,
    host: options.host,
    port: options.port,
    connected: (socket) => live.connect(socket),
  });
  const stop = async () => {
    clearInterval(beat);
    discord.state.changes.off('change', changed);
    behind.stop();
    await bot.end('SIGTERM');
    await Promise.all([page.stop(), discord.stop(), servers.stop(), ownModel.stop(), watch.stop()]);
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: page.url, discord, servers, bot, behind, stop };
}

/** Tells the pages what changed in Discord since the last time. */
function discordRefresher(discord: PlaygroundDiscord, view: DiscordView, live: Live): () => void {
  let before = { commands: '', pending: '', typing: '', channels: '' };
  return () => {
    const { changed, gone } = view.changes();
    for (const message of changed) live.tell({ kind: 'message', message });
    for (const id of gone) live.tell({ kind: 'gone', id });
    const typing = [...discord.state.typing].map(([channelId, until]) => ({ channelId, until }));
    const told = {
      commands: { kind: 'commands', commands: discord.state.commands },
      pending: { kind: 'pending', pending: view.pending() },
      typing: { kind: 'typing', channels: typing },
      channels: { kind: 'channels', channels: view.channels() },
    } satisfies Record<string, Told>;
    const now = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, JSON.stringify(value)]));
    if (now.channels !== before.channels) live.tell(told.channels);
    if (now.commands !== before.commands) live.tell(told.commands);
    if (now.pending !== before.pending) live.tell(told.pending);
    if (now.typing !== before.typing) live.tell(told.typing);
    before = { commands: '', pending: '', typing: '', channels: '', ...now };
  };
}
