import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
beforeAll(async () => {
  test = await startTestBot();
});
afterAll(() => test.stop());

describe('the main job by slash commands', () => {
  it('refuses a wrong key, then saves the right one', async () => {
    const ada = test.discord.person('Ada');
    const typed = test.setup.typed('radarr');
    const refused = await test.setup.configure(ada, 'radarr', { ...typed, secret: 'wrong-key-canary' });
    expect(test.discord.render(refused)).toContain('does not accept the key');
    const saved = await test.setup.configure(ada, 'radarr', typed);
    expect(test.discord.render(saved)).toMatch(/Radarr\*\* is set up. Version 5/);
  });

  it('requests a film once, however often the button is pressed', async () => {
    const ada = test.discord.person('Ada');
    const there = await ada.slash(test.discord.channel('films'), 'request movie', { title: 'Inception' }).reply();
    expect(test.discord.render(there)).toContain('[ Search again ]');
    const dune = await ada.slash(test.discord.channel('films'), 'request movie', { title: 'tmdb:438631' }).reply();
    const presses = [ada.press(dune, 'Request'), ada.press(dune, 'Request')];
    await Promise.all(presses.map((press) => press.acknowledged()));
    await ada.waitFor(test.discord.channel('films'), (message) =>
      test.discord.render(message).includes('Asked for by'),
    );
    expect(
      test.servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie'),
    ).toHaveLength(1);
  });
});
