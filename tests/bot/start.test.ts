import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
beforeAll(async () => {
  test = await startTestBot();
});
afterAll(() => test.stop());

describe('a bot that has logged in and still starts', () => {
  it('handles what comes meanwhile once it has started', async () => {
    const { discord } = test;
    const ada = discord.person('Ada');
    await discord.until(() => discord.gateway.connected > 0);
    const asked = discord.rest.journal.length;
    const starting = test.restart();
    // The second question about the application, which tells who the owner is, is answered late.
    const isAskedAfter = (from: number) =>
      discord.rest.journal.slice(from).some(({ path }) => path.startsWith('/gateway/bot'));
    await discord.until(() => isAskedAfter(asked), 20_000);
    discord.fail({ match: /^GET \/(oauth2\/)?applications\/@me/, status: 503, times: 2 });
    await discord.until(() => discord.gateway.connected > 0, 20_000);
    ada.say(ada.dm(), 'hello');
    const help = ada.slash(discord.channel('general'), 'help');
    expect(discord.render(await help.reply())).toContain('Set up');
    await ada.waitFor(ada.dm(), (message) => discord.render(message).includes('Set up Radarr'));
    await starting;
    expect(discord.rest.faults.filter(({ times }) => times > 0)).toEqual([]);
  });

  it('leaves Discord when it cannot go on', async () => {
    const { discord } = test;
    discord.fail({ match: /^GET \/applications\/\d+\/commands/, status: 403, times: 1 });
    await expect(test.restart()).rejects.toThrow('403');
    await discord.until(() => discord.gateway.connected === 0);
    await test.restart();
    await discord.until(() => discord.gateway.connected === 1);
  });
});
