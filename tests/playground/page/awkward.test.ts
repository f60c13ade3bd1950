import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { createMessage } from '../../../playground/discord/messages.ts';
import { message, openChannel, typeCommand, withBrowser } from './open-page.ts';

const opened = withBrowser();
const phone = { viewport: { width: 390, height: 844 } };

/** How far the page is wider than its window. */
function surplus(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}

/** Opens or closes a pane of the phone's page, and waits until it is drawn. */
async function toggled(page: Page, isOpen: boolean): Promise<void> {
  if (isOpen) await page.getByRole('button', { name: 'What is behind' }).click();
  else await page.keyboard.press('Escape');
  await page.locator(`[aria-label^="What is behind"][aria-expanded="${isOpen}"]`).waitFor();
}

it('says nothing in red when a button is pressed twice, and the request is sent once', async () => {
  const { servers } = opened.playground;
  const page = await opened.open();
  await page.getByRole('button', { name: 'Set Radarr up for me' }).click();
  await page.getByText('Done: the bot’s answers').waitFor();
  await openChannel(page, 'films');
  await typeCommand(page, 'request movie', { type: 'dune', pick: 'Dune (2021)' });
  await message(page, 'Only you can see this').getByRole('button', { name: 'Request', exact: true }).dblclick();
  await message(page, 'Asked for by').waitFor();
  expect(await page.locator('.notice').count()).toBe(0);
  expect(await page.getByText('This interaction failed').count()).toBe(0);
  expect(
    servers.radarr.journal.filter(({ method, path }) => method === 'POST' && path === '/api/v3/movie'),
  ).toHaveLength(1);
});

it('says kindly that a button was used when the message changed beneath the press', async () => {
  const { discord } = opened.playground;
  const page = await opened.open();
  await openChannel(page, 'general');
  const body = {
    content: 'A card',
    components: [{ type: 1, components: [{ type: 2, style: 2, label: 'Go', custom_id: 'go' }] }],
  };
  const posted = createMessage(discord.state, { body, uploads: [] }, { channelId: discord.channel('general').id });
  const button = message(page, 'A card').getByRole('button', { name: 'Go' });
  // What a person still sees when the message has changed: the button as it was drawn before.
  const asDrawn = await button.elementHandle();
  posted.components = [];
  discord.state.changed();
  await button.waitFor({ state: 'detached' });
  await asDrawn?.evaluate((element: { click?(): void }) => element.click?.());
  await page.getByRole('status').getByText('That was used already: the message has changed since.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.locator('#say').fill('on');
  await page.locator('.notice').waitFor({ state: 'detached' });
});

it('a title of 300 letters without a space makes no part of a phone’s page wider', async () => {
  const { servers } = opened.playground;
  const title = `Wide${'W'.repeat(296)}`;
  servers.radarr.state.catalogue.push({
    tmdbId: 999_300,
    title,
    year: 2020,
    runtime: 100,
    genres: [title],
    rating: 5,
    overview: title,
  });
  const page = await opened.open(phone);
  await page.locator('#say').fill(`/${title}`);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('There is no command').waitFor();
  expect(await surplus(page)).toBe(0);
  const isInside = (part: Locator) => part.evaluate(isWithinWindow);
  expect(await isInside(page.locator('.notice').getByRole('button', { name: 'OK' }))).toBe(true);
  await page.locator('#say').fill('');
  await page.locator('#say').pressSequentially('/request movie ');
  await page.locator('#command-line').waitFor();
  await page.keyboard.type('wide');
  const choice = page.locator('#command-menu [role="option"].current', { hasText: 'WideWW' });
  await choice.waitFor();
  expect(await surplus(page)).toBe(0);
  expect(await choice.evaluate(holdsItsWords)).toBe(true);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const request = message(page, 'Only you can see this').getByRole('button', { name: 'Request', exact: true });
  await request.waitFor();
  expect(await surplus(page)).toBe(0);
  await request.click();
  await message(page, 'Asked for by').waitFor();
  expect(await surplus(page)).toBe(0);
  await toggled(page, true);
  const line = page.locator('.line-title', { hasText: 'WideWW' });
  await line.first().waitFor();
  expect(await surplus(page)).toBe(0);
  expect(await line.first().evaluate(holdsItsWords)).toBe(true);
  for (const tab of ['Calls', 'Model', 'Actions']) {
    await page.getByRole('tab', { name: tab }).click();
    await page.locator(`#tab-${tab === 'Actions' ? 'rows' : tab.toLowerCase()}[aria-selected="true"]`).waitFor();
    expect(await page.locator('.pane').evaluate(holdsItsWords)).toBe(true);
  }
});

it.each([390, 1280])('breaks no name letter by letter for a long note beside it, %i pixels wide', async (width) => {
  const { servers } = opened.playground;
  const show = servers.sonarr.state.catalogue.find(({ title }) => title === 'The Simpsons');
  const [known] = servers.sonarr.state.library;
  if (show === undefined || known === undefined) throw new Error('the playground’s Sonarr has no Simpsons');
  const seasons = Array.from({ length: 36 }, (_, index) => index + 1);
  if (!servers.sonarr.state.library.some(({ tvdbId }) => tvdbId === show.tvdbId))
    servers.sonarr.state.library.push({ ...known, id: 99, tvdbId: show.tvdbId, monitoredSeasons: new Set(seasons) });
  opened.playground.behind.changed();
  const page = await opened.open({ viewport: { width, height: 800 } });
  if (width < 900) await toggled(page, true);
  const name = page.locator('.line-title', { hasText: 'The Simpsons' });
  await name.scrollIntoViewIfNeeded();
  expect(await name.evaluate(linesOf)).toBe(1);
  expect(await surplus(page)).toBe(0);
});

// These run in the page, of which this file knows no types.
type Element = {
  scrollWidth: number;
  clientWidth: number;
  getBoundingClientRect(): { left: number; right: number; height: number };
};

function holdsItsWords({ scrollWidth, clientWidth }: Element): boolean {
  return scrollWidth <= clientWidth;
}

function isWithinWindow(element: Element): boolean {
  const { left, right } = element.getBoundingClientRect();
  return left >= 0 && right <= 390;
}

function linesOf(element: Element): number {
  return Math.round(element.getBoundingClientRect().height / 19);
}
