import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestBot, type TestBot } from '../bot.ts';

let test: TestBot;
beforeAll(async () => {
  test = await startTestBot();
});
afterAll(() => test.stop());

it.each(['services list', 'help', 'preferences'])('shows /%s in a group DM to the person alone', async (command) => {
  const ada = test.discord.person('Ada');
  const friends = test.discord.state.addChannel('friends', null);
  const reply = await ada.slash(friends, command).reply();
  expect(reply.ephemeralFor).toBe(ada.id);
  const own = await ada.slash(ada.dm(), command).reply();
  expect(own.ephemeralFor).toBeNull();
});
