import { type Client, Events, type Interaction } from 'discord.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PlaygroundModel, startModel } from '../../playground/model/start-model.ts';
import { createLog, SecretValues } from '../../src/bot/log.ts';
import { logIn } from '../../src/bot/log-in.ts';
import { localeOfChannel, localeOfReaders } from '../../src/bot/readers.ts';
import type { Acknowledgement } from '../../src/commands/command.ts';
import { findCommand, findComponentHandler } from '../../src/commands/registry.ts';
import { startTestBot, type TestBot } from '../bot.ts';

let model: PlaygroundModel;
let test: TestBot;
/** Logged in as the bot is: hears the very events that the bot answers. */
let client: Client;
const heard = new Map<string, Interaction>();

beforeAll(async () => {
  model = await startModel();
  test = await startTestBot({ environment: { OPENAI_BASE_URL: model.url }, discord: { guildLocale: 'de' } });
  client = await logIn({
    token: test.discord.token,
    api: test.discord.apiUrl,
    requestsPerSecond: 50,
    beforeWrite: async () => undefined,
    log: createLog({ level: 'warn', secrets: new SecretValues() }),
    listen: (early) => early.on(Events.InteractionCreate, (interaction) => heard.set(interaction.id, interaction)),
  });
  const ada = test.discord.person('Ada');
  ada.account.locale = 'fr';
  await test.setup.all(ada, 'radarr');
});
afterAll(async () => {
  await client.destroy();
  await test.stop();
  await model.stop();
});

/** The locale in which the bot speaks when it answers what a person did. */
async function localeOf({ interaction: { id } }: { interaction: { id: string } }): Promise<string | null> {
  await expect.poll(() => heard.has(id)).toBe(true);
  const interaction = heard.get(id);
  const how = interaction === undefined ? undefined : acknowledgementOf(interaction);
  if (interaction === undefined || how === undefined) throw new Error('the bot has no answer to this');
  return localeOfReaders(interaction, how);
}

function acknowledgementOf(interaction: Interaction): Acknowledgement | undefined {
  if (interaction.isChatInputCommand()) return findCommand(interaction.commandName)?.acknowledge(interaction);
  if (!interaction.isMessageComponent() && !interaction.isModalSubmit()) return undefined;
  const [prefix = '', ...args] = interaction.customId.split(':');
  const acknowledge = findComponentHandler(prefix)?.acknowledge;
  return typeof acknowledge === 'function' ? acknowledge(args) : acknowledge;
}

it('speaks to a person alone in their language, also in a server of another one', async () => {
  const ada = test.discord.person('Ada');
  const channel = test.discord.channel('films');
  const command = ada.slash(channel, 'request movie', { title: 'tmdb:78' });
  const card = await command.reply();
  expect(card.ephemeralFor).toBe(ada.id);
  expect(await localeOf(command)).toBe('fr');
  const press = ada.press(card, 'Cancel');
  await press.acknowledged();
  expect(await localeOf(press)).toBe('fr');
  const form = ada.slash(channel, 'services configure', { service: 'radarr' });
  expect(await localeOf(form)).toBe('fr');
  const submit = ada.submitModal(await form.modal(), test.setup.typed('radarr'));
  expect((await submit.reply()).ephemeralFor).toBe(ada.id);
  expect(await localeOf(submit)).toBe('fr');
  const direct = ada.slash(ada.dm(), 'services list');
  await direct.reply();
  expect(await localeOf(direct)).toBe('fr');
});

it('speaks to a whole channel in the language of its server: where a card stands, what it answers openly', async () => {
  const ada = test.discord.person('Ada');
  const channel = test.discord.channel('films');
  ada.say(channel, 'get me Interstellar', { mention: true });
  const card = await ada.waitFor(channel, (message) => test.discord.render(message).includes('[ Request ]'));
  expect(card.ephemeralFor).toBeNull();
  const press = ada.press(card, 'Cancel');
  await press.acknowledged();
  expect(await localeOf(press)).toBe('de');
  const command = ada.slash(channel, 'services list');
  await command.reply();
  await localeOf(command);
  const interaction = heard.get(command.interaction.id);
  if (interaction === undefined) throw new Error('the command was not heard');
  expect(localeOfReaders(interaction, 'reply')).toBe('de');
});

it('speaks without an event in the language of the server, and where there is none in that of the person', async () => {
  const ada = test.discord.person('Ada');
  const user = { locale: 'fr' };
  expect(localeOfChannel(client, { channelId: test.discord.channel('films').id, user })).toBe('de');
  expect(localeOfChannel(client, { channelId: ada.dm().id, user })).toBe('fr');
  expect(localeOfChannel(client, { channelId: test.discord.foreignChannel('elsewhere').id, user })).toBe('fr');
  expect(localeOfChannel(client, { channelId: ada.dm().id, user: { locale: null } })).toBeNull();
});
