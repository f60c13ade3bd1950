import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Playground, startPlayground } from '../../../playground/page/start-playground.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Opened = {
  playground: Playground;
  /** A page of its own, connected, with the bot ready. */
  open(options?: BrowserContextOptions): Promise<Page>;
};

/** One playground and one browser for a file's tests; each test that opens pages must leave no error in their consoles. */
export function withBrowser(): Opened {
  let playground: Playground | null = null;
  let browser: Browser | null = null;
  let complaints: string[] = [];
  let pages: Page[] = [];

  beforeAll(async () => {
    const executablePath = process.env.TEST_CHROMIUM;
    if (executablePath === undefined) throw new Error('TEST_CHROMIUM is not set');
    [playground, browser] = await Promise.all([
      startPlayground({ host: '127.0.0.1', port: 0, model: null }),
      chromium.launch({ executablePath, args: flags }),
    ]);
    await playground.bot.start();
  }, 120_000);
  afterEach(async ({ task }) => {
    for (const [index, page] of task.result?.state === 'fail' ? pages.entries() : []) {
      const path = join(tmpdir(), `assistarr-page-${task.name.replace(/\W+/g, '-').slice(0, 40)}-${index}.png`);
      await page.screenshot({ path });
      console.log(`What the page showed when it failed: ${path}`);
    }
    const said = complaints;
    await Promise.all(pages.map((page) => page.context().close()));
    pages = [];
    complaints = [];
    expect(said).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.stop();
  }, 60_000);

  return {
    get playground() {
      if (playground === null) throw new Error('the playground is not started yet');
      return playground;
    },
    async open(options = {}) {
      if (browser === null || playground === null) throw new Error('the browser is not started yet');
      const { url } = playground;
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      pages.push(page);
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error.stack)));
      page.on('request', (request) => {
        if (!request.url().startsWith(url)) complaints.push(`the page asked for ${request.url()}`);
      });
      page.setDefaultTimeout(20_000);
      await page.goto(url);
      await page.locator('.bot-mark.ready').waitFor();
      return page;
    },
  };
}

/** Opens a channel of the left pane by its name. */
export async function openChannel(page: Page, name: string): Promise<void> {
  await page.locator('.channel-link', { hasText: name }).click();
  await page.locator('.channel-header h2', { hasText: name }).waitFor();
}

/** Acts as someone from here on. */
export async function actAs(page: Page, name: string): Promise<void> {
  await page.locator('.person', { hasText: name }).click();
  await page.locator('.acting', { hasText: name }).waitFor();
}

/** Types a command and its first option, of which the offered choice is taken, with the keyboard alone. */
export async function typeCommand(page: Page, command: string, option?: { type: string; pick: string }): Promise<void> {
  await page.locator('#say').pressSequentially(`/${command}`);
  await page
    .locator('#suggestions .popup-row', { hasText: `/${command}` })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#command-line').waitFor();
  if (option !== undefined) {
    await page.keyboard.type(option.type);
    await page.locator('#command-menu [role="option"].current', { hasText: option.pick }).waitFor();
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('Enter');
}

/** The newest message that holds these words. */
export function message(page: Page, words: string | RegExp) {
  return page.locator('.message', { hasText: words }).last();
}

/** Writes a plain message. */
export async function say(page: Page, words: string): Promise<void> {
  await page.locator('#say').fill(words);
  await page.keyboard.press('Enter');
}
