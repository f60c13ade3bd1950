import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Locator, type Page } from 'playwright-core';
import { startPlayground } from './start-playground.ts';

/** `npm run playground:pictures`: takes the pictures of the README and docs from the running page. */
const { values } = parseArgs({
  options: {
    to: { type: 'string', default: fileURLToPath(new URL('../../docs/images/', import.meta.url)) },
    width: { type: 'string', default: '680' },
    theme: { type: 'string', default: 'dark' },
  },
});
const mostBytes = 220_000;
/** Of what is taken, what the README and the docs show; the rest is for whoever looks at the bot (with --to). */
const shown = ['services-form', 'services', 'request-card', 'season-picker', 'progress', 'conversation'];
const browsers = [
  process.env.TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = browsers.find((path) => path !== undefined && existsSync(path));
if (executablePath === undefined) {
  console.error('There is no Chromium or Chrome in the usual places: name one with TEST_CHROMIUM.');
  process.exit(1);
}
await mkdir(values.to, { recursive: true });
const playground = await startPlayground({ host: '127.0.0.1', port: 0, model: null });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-sync'] });
try {
  await playground.bot.start();
  const context = await browser.newContext({
    viewport: { width: Number(values.width), height: 1000 },
    deviceScaleFactor: isForDocs() ? 1.5 : 2,
    colorScheme: values.theme === 'light' ? 'light' : 'dark',
  });
  const page = await context.newPage();
  await page.goto(playground.url);
  await page.locator('.bot-mark.ready').waitFor();
  await play(page);
} finally {
  await browser.close();
  await playground.stop();
}

async function play(page: Page): Promise<void> {
  await openChannel(page, 'Assistarr');
  await command(page, 'help');
  await take(page, 'help', newest(page, '/help'));
  const { radarr } = playground.servers;
  await command(page, 'services configure', 'Radarr');
  const form = page.getByRole('dialog');
  await form.getByLabel('Address').fill(radarr.url);
  // A form shows what is typed in clear, as Discord's do: the picture shows where a key goes, and none.
  await take(page, 'services-form', form);
  await form.getByLabel('API key').fill(radarr.apiKey);
  await form.getByRole('button', { name: 'Submit' }).click();
  await newest(page, 'Radarr is set up').waitFor();
  for (const name of ['Sonarr', 'Jellyfin', 'qBittorrent']) await setUp(page, name);
  await command(page, 'services list');
  await take(page, 'services', newest(page, '/services list'));

  await openChannel(page, 'films');
  await command(page, 'request movie', 'dune');
  const card = newest(page, 'Only you can see this');
  await card.getByRole('button', { name: 'Request', exact: true }).waitFor();
  await take(page, 'request-card', card);
  await card.getByRole('button', { name: 'Request', exact: true }).click();
  await newest(page, 'Asked for by').waitFor();
  await take(page, 'outcome', newest(page, 'Asked for by'));

  await command(page, 'request tv', 'simpsons');
  const series = newest(page, 'The Simpsons');
  await series.getByRole('button', { name: 'Request', exact: true }).waitFor();
  await series
    .getByRole('combobox', { name: /season/i })
    .first()
    .click();
  await series.getByRole('option').nth(1).click();
  await series.getByRole('option').nth(2).click();
  await take(page, 'season-list', page.locator('.channel'));
  await page.keyboard.press('Escape');
  await series
    .getByText(/Season 35/)
    .first()
    .waitFor();
  await take(page, 'season-picker', series);

  for (let step = 0; step < 4; step++) playground.behind.tick(10);
  const outcome = newest(page, /Dune \(2021\).*Asked for by/s);
  await outcome
    .getByText(/\d+ ?%/)
    .first()
    .waitFor({ timeout: 60_000 });
  await take(page, 'progress', outcome);
  await command(page, 'downloads');
  await take(page, 'downloads', newest(page, '/downloads'));
  await command(page, 'status');
  await take(page, 'status', newest(page, '/status'));
  await command(page, 'library recent');
  await take(page, 'library', newest(page, '/library recent'));

  await openChannel(page, 'general');
  await say(page, '@Assistarr what is downloading?');
  await newest(page, /Blade.Runner/).waitFor();
  await say(page, '@Assistarr can you get dune part two for me?');
  const asked = newest(page, 'Dune: Part Two (2024)');
  await asked.getByRole('button', { name: 'Request', exact: true }).waitFor();
  await take(page, 'conversation', page.locator('.channel'));
  await asked.getByRole('button', { name: 'Request', exact: true }).click();
  await newest(page, /Done: /).waitFor();
  await take(page, 'conversation-after', page.locator('.channel'));
}

async function take(page: Page, name: string, what: Locator): Promise<void> {
  if (isForDocs() && !shown.includes(name)) return;
  // The pointer and the keyboard's frame are no part of a picture.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(400);
  const path = join(values.to, `${name}.png`);
  await what.screenshot({ path, animations: 'disabled' });
  const { size } = await stat(path);
  console.log(`${path}: ${Math.round(size / 1000)} kB`);
  if (isForDocs() && size > mostBytes) throw new Error(`${name}.png is larger than ${mostBytes} bytes`);
}

function isForDocs(): boolean {
  return values.to.endsWith('docs/images/');
}

function newest(page: Page, words: string | RegExp): Locator {
  return page.locator('.message', { hasText: words }).last();
}

async function openChannel(page: Page, name: string): Promise<void> {
  const isNarrow = Number(values.width) <= 900;
  if (isNarrow) await page.getByRole('button', { name: 'Channels and people' }).click();
  await page.locator('.channel-link', { hasText: name }).click();
  await page.locator('.channel-header h2', { hasText: name }).waitFor();
}

async function setUp(page: Page, name: string): Promise<void> {
  // On a wide page the pane stands open already.
  const opener = page.getByRole('button', { name: 'What is behind' });
  const isOpen = (await opener.getAttribute('aria-expanded')) === 'true';
  if (!isOpen) await toggled(opener, true, opener);
  await page.getByRole('button', { name: `Set ${name} up for me` }).click();
  if (!isOpen) await toggled(page.getByRole('button', { name: 'Close', exact: true }), false, opener);
  await newest(page, `${name} is set up`).waitFor();
}

/** Presses what opens or closes the pane, and waits until the page shows that it did: it draws a moment later. */
async function toggled(button: Locator, isOpen: boolean, opener: Locator): Promise<void> {
  await button.click();
  await opener.and(opener.page().locator(`[aria-expanded="${isOpen}"]`)).waitFor();
}

/** Sends a command; the choice for its first option is the first that is offered for the typed words. */
async function command(page: Page, name: string, words?: string): Promise<void> {
  await page.locator('#say').pressSequentially(`/${name}`);
  await page
    .locator('#suggestions .popup-row', { hasText: `/${name}` })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#command-line').waitFor();
  if (words !== undefined) {
    await page.keyboard.type(words);
    const first = page.locator('#command-menu [role="option"].current', { hasText: new RegExp(words, 'i') });
    await first.waitFor();
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('Enter');
  if (name !== 'services configure') await answered(page, name);
}

async function answered(page: Page, name: string): Promise<void> {
  const reply = newest(page, `/${name}`);
  await reply.locator('.thinking').waitFor({ state: 'detached' });
  await reply.locator('.container, .content').first().waitFor();
}

async function say(page: Page, words: string): Promise<void> {
  await page.locator('#say').fill(words);
  await page.keyboard.press('Enter');
}
