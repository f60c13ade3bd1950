import { expect, it } from 'vitest';
import { actAs, message, openChannel, say, typeCommand, withBrowser } from './open-page.ts';

const opened = withBrowser();

it('sets up a server through the form: a wrong key is told and what was typed is not lost', async () => {
  const { servers } = opened.playground;
  const page = await opened.open();
  await openChannel(page, 'Assistarr');
  await typeCommand(page, 'services configure', { type: 'rad', pick: 'Radarr' });
  const form = page.getByRole('dialog');
  await form.getByLabel('Address').fill(servers.radarr.url);
  await form.getByLabel('API key').fill('not-the-key');
  await form.getByRole('button', { name: 'Submit' }).click();
  const refused = message(page, 'key');
  await refused.getByRole('button').first().click();
  expect(await form.getByLabel('Address').inputValue()).toBe(servers.radarr.url);
  expect(await form.getByLabel('API key').inputValue()).toBe('');
  await form.getByLabel('API key').fill(servers.radarr.apiKey);
  await page.keyboard.press('Enter');
  await message(page, 'Radarr is set up').waitFor();
  expect(await page.locator('body').textContent()).not.toContain('not-the-key');
});

it('requests a film with suggestions while typing; the choosing is private, what came of it is not', async () => {
  const { servers } = opened.playground;
  const page = await opened.open();
  await openChannel(page, 'films');
  await typeCommand(page, 'request movie', { type: 'dune', pick: 'Dune (2021)' });
  const card = message(page, 'Only you can see this');
  await card.getByRole('button', { name: 'Request', exact: true }).waitFor();
  expect(await card.textContent()).toContain('used /request movie');
  expect(await card.locator('img.thumbnail').getAttribute('src')).toMatch(/^\/poster\?of=/);
  await actAs(page, 'Grace');
  expect(await page.locator('.message.ephemeral').count()).toBe(0);
  await actAs(page, 'Ada');
  await card.getByRole('button', { name: 'Request', exact: true }).click();
  await message(page, 'Asked for by').waitFor();
  expect(servers.radarr.state.library.filter((film) => film.tmdbId === 438631)).toHaveLength(1);
  expect(await card.getByRole('button', { name: 'Request', exact: true }).count()).toBe(0);
  await actAs(page, 'Grace');
  await message(page, 'Asked for by').waitFor();
});

it('offers 30 seasons and more in the order of Discord’s pages, and sends several at once', async () => {
  const { servers } = opened.playground;
  const page = await opened.open();
  await page.getByRole('button', { name: 'Set Sonarr up for me' }).click();
  await openChannel(page, 'Assistarr');
  await message(page, 'Sonarr is set up').waitFor();
  await openChannel(page, 'films');
  await typeCommand(page, 'request tv', { type: 'simps', pick: 'The Simpsons' });
  const card = message(page, 'The Simpsons');
  const seasons = card.getByRole('combobox', { name: /season/i }).first();
  await seasons.click();
  const list = card.getByRole('listbox');
  expect(await list.getByRole('option').count()).toBeLessThanOrEqual(25);
  await list.getByRole('option', { name: /^Season 36\b/ }).click();
  await list.getByRole('option', { name: /^Season 35\b/ }).click();
  await card.getByRole('button', { name: 'Done' }).click();
  await card
    .getByText(/Season 35.*Season 36|Season 36.*Season 35|seasons 35/i)
    .first()
    .waitFor();
  await card.getByRole('button', { name: 'Request', exact: true }).click();
  await message(page, /The Simpsons.*Asked for by/s).waitFor();
  const show = servers.sonarr.state.library.find(({ tvdbId }) => tvdbId === 71663);
  expect([...(show?.monitoredSeasons ?? [])].sort()).toEqual([35, 36]);
});

it('talks: the answer is edited in place, what changes something waits for a press', async () => {
  const { servers } = opened.playground;
  const page = await opened.open();
  await openChannel(page, 'Assistarr');
  await say(page, 'can you get dune part two for me?');
  const card = message(page, 'Dune: Part Two');
  await card.getByRole('button', { name: 'Request', exact: true }).click();
  await message(page, 'Done: Dune: Part Two').waitFor();
  expect(servers.radarr.journal.filter((call) => call.method === 'POST' && call.path === '/api/v3/movie')).toHaveLength(
    2,
  );
  await page.getByRole('tab', { name: 'Model' }).click();
  await page.locator('.behind', { hasText: /tokens in/ }).waitFor();
  expect(await page.locator('.behind').textContent()).toContain('request_movie');
  await page.getByRole('tab', { name: 'Actions' }).click();
  await page.locator('[data-tool="request_movie"] .status.succeeded').first().waitFor();
  await page.getByRole('tab', { name: 'Calls' }).click();
  await page.locator('.calls', { hasText: 'POST /api/v3/movie' }).waitFor();
});

it('moves the downloads on with the clock', async () => {
  const page = await opened.open();
  const servers = page.locator('.behind');
  await servers.getByText('43 %').waitFor();
  await page.getByRole('button', { name: 'Clock + 10 %' }).click();
  await servers.getByText('53 %').waitFor();
});

it('approves in Seerr what waits there, and shows how it comes', async () => {
  const page = await opened.open({ viewport: { width: 390, height: 844 } });
  const pane = async (button: string | RegExp) => {
    await page.getByRole('button', { name: 'What is behind' }).click();
    await page.getByRole('button', { name: button }).click();
  };
  await page.getByRole('button', { name: 'Channels and people' }).click();
  await actAs(page, 'Grace');
  await pane('Set Seerr up for me');
  await page.getByText('Done: the bot’s answers are in Grace’s direct messages.').waitFor();
  await page.keyboard.press('Escape');
  await typeCommand(page, 'request movie', { type: 'inters', pick: 'Interstellar' });
  await message(page, 'Interstellar').getByRole('button', { name: 'Request', exact: true }).click();
  const outcome = message(page, /Interstellar.*Asked for by Grace/s);
  await outcome.getByText(/approval/).waitFor();
  await pane('Approve Interstellar');
  await page.locator('.lines li', { hasText: /Interstellar.*approved/s }).waitFor();
  // One step begins what was ordered, ten load it, one imports it.
  for (let step = 0; step < 12; step++) opened.playground.behind.tick(10);
  await page.keyboard.press('Escape');
  await outcome.getByText('Ready to watch').waitFor({ timeout: 60_000 });
});

it('shows faults as people meet them: a server that refuses, a model that is cut off', async () => {
  const page = await opened.open();
  await openChannel(page, 'films');
  const radarr = page.locator('.server', { has: page.getByRole('heading', { name: 'Radarr' }) });
  await radarr.getByText('Faults').click();
  await radarr.getByRole('button', { name: 'says 401' }).click();
  await radarr.getByRole('button', { name: 'says 401', pressed: true }).waitFor();
  await typeFreely(page, 'request movie', 'arrival');
  await message(page, /Radarr.*key/i).waitFor();
  await radarr.getByRole('button', { name: 'says 401' }).click();
  await radarr.getByRole('button', { name: 'says 401', pressed: false }).waitFor();
  await typeFreely(page, 'request movie', 'arrival');
  await message(page, 'Arrival (2016)').waitFor();

  await page.getByRole('tab', { name: 'Model' }).click();
  await page.locator('.pane', { hasText: 'The model is' }).getByText('Faults').click();
  await page.getByRole('button', { name: 'is cut in mid-answer' }).click();
  await openChannel(page, 'Assistarr');
  await say(page, 'hello');
  await page.locator('.behind', { hasText: 'cut off' }).waitFor();
  await page.getByRole('button', { name: 'is cut in mid-answer' }).click();
});

/** A command whose first option is sent as it was typed. */
async function typeFreely(page: Parameters<typeof say>[0], command: string, words: string): Promise<void> {
  await page.locator('#say').pressSequentially(`/${command} `);
  await page.locator('#command-line').waitFor();
  await page.keyboard.type(words);
  await page.getByRole('button', { name: 'Send the command' }).click();
}

it('kills the bot: a press fails, and after the start the same button works', async () => {
  const { servers, bot } = opened.playground;
  const page = await opened.open();
  await openChannel(page, 'films');
  await typeCommand(page, 'request movie', { type: 'arri', pick: 'Arrival' });
  const card = message(page, 'Only you can see this');
  const request = card.getByRole('button', { name: 'Request', exact: true });
  await request.waitFor();
  await page.getByRole('tab', { name: 'Bot' }).click();
  await page.getByRole('button', { name: 'Kill it' }).click();
  await page.locator('.bot-mark.stopped').waitFor();
  await request.click();
  await card.getByText('This interaction failed').waitFor();
  await page.getByRole('button', { name: 'Start it' }).click();
  await page.locator('.bot-mark.ready').waitFor();
  expect(bot.view().state).toBe('ready');
  await request.click();
  await message(page, /Arrival.*Asked for by/s).waitFor();
  expect(servers.radarr.state.library.filter((film) => film.tmdbId === 329865)).toHaveLength(1);
});
