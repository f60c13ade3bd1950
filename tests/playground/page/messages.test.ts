import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { createMessage } from '../../../playground/discord/messages.ts';
import { actAs, message, openChannel, say, withBrowser } from './open-page.ts';

const opened = withBrowser();

/** A message of the bot, made as its requests make them. */
function post(body: Record<string, unknown>) {
  const { discord } = opened.playground;
  return createMessage(discord.state, { body, uploads: [] }, { channelId: discord.channel('general').id });
}

it('shows Markdown as Discord does, and what looks like markup as the words that it is', async () => {
  const page = await opened.open();
  post({
    content:
      '# Head\n**bold** *slanted* __under__ ~~gone~~ `code` ||secret||\n> quoted\n- one\n- two\n<script>alert(1)</script><img src=x onerror=alert(2)>\n[a link](https://example.org/) [bad](javascript:alert(3)) <t:1700000000:D>',
  });
  const shown = message(page, 'Head');
  for (const [selector, words] of [
    ['.heading-1', 'Head'],
    ['strong', 'bold'],
    ['em', 'slanted'],
    ['u', 'under'],
    ['s', 'gone'],
    ['code', 'code'],
    ['blockquote', 'quoted'],
    ['li', 'two'],
    ['time.stamp', '2023'],
  ] as const)
    await shown.locator(selector, { hasText: words }).first().waitFor();
  expect(await shown.textContent()).toContain('<img src=x onerror=alert(2)>');
  expect(await shown.locator('script, img').count()).toBe(0);
  expect(await shown.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
    'https://example.org/',
  ]);
});

it('shows embeds, buttons in their styles, galleries and files', async () => {
  const page = await opened.open();
  post({
    embeds: [
      {
        title: 'An embed',
        description: '**words**',
        color: 0xff0000,
        fields: [{ name: 'Field', value: 'value', inline: true }],
        footer: { text: 'foot' },
        image: { url: 'https://image.tmdb.org/t/p/original/playground-603.jpg' },
      },
    ],
    components: [
      {
        type: 1,
        components: [
          ...[1, 2, 3, 4].map((style) => ({ type: 2, style, label: `Style ${style}`, custom_id: `style:${style}` })),
          { type: 2, style: 2, label: 'Off', custom_id: 'off', disabled: true },
        ],
      },
      { type: 1, components: [{ type: 2, style: 5, label: 'Elsewhere', url: 'https://example.org/' }] },
    ],
  });
  const shown = message(page, 'Style 1');
  await shown.getByText('An embed').waitFor();
  await shown.getByText('Field').waitFor();
  expect(await shown.locator('.button.danger').textContent()).toContain('Style 4');
  expect(await shown.getByRole('button', { name: 'Off' }).isDisabled()).toBe(true);
  expect(await shown.getByRole('link', { name: 'Elsewhere' }).getAttribute('rel')).toBe('noopener noreferrer');
  const media = { url: 'https://example.org/picture.png' };
  post({
    flags: 1 << 15,
    components: [
      {
        type: 17,
        accent_color: 0x00ff00,
        components: [
          { type: 10, content: 'In a container' },
          { type: 14 },
          { type: 12, items: [{ media, description: 'first' }, { media }] },
        ],
      },
    ],
  });
  const container = message(page, 'In a container');
  await container.getByAltText('first').waitFor();
  expect(await container.locator('.gallery img').count()).toBe(2);
  expect(await container.locator('hr').count()).toBe(1);
});

it('sends mentions, replies, files and reactions, and marks what is for the reader', async () => {
  const { discord } = opened.playground;
  const page = await opened.open();
  await openChannel(page, 'general');
  await page.locator('#say').pressSequentially('look @Gra');
  await page.locator('#suggestions .popup-row.current', { hasText: '@Grace' }).waitFor();
  await page.keyboard.press('Enter');
  const chooser = page.waitForEvent('filechooser');
  await page.getByLabel('Attach files').click();
  await (await chooser).setFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await page.locator('#say').press('Enter');
  const sent = message(page, 'look @Grace');
  await sent.getByRole('link', { name: 'note.txt' }).waitFor();
  const kept = [...discord.state.messages.values()].at(-1);
  expect(kept?.content).toBe(`look <@${discord.person('Grace').id}> `);
  await actAs(page, 'Grace');
  await page.locator('.mentions-me', { hasText: 'look' }).waitFor();
  await sent.hover();
  await sent.getByRole('button', { name: 'Reply' }).click();
  await say(page, 'I see');
  await message(page, 'I see').locator('.replied', { hasText: 'look @Grace' }).waitFor();
  await sent.hover();
  await sent.getByRole('button', { name: 'React' }).click();
  await sent.locator('.reaction.mine', { hasText: '1' }).click();
  await sent.locator('.reaction').waitFor({ state: 'detached' });
});

it('keeps what could not be sent', async () => {
  const page = await opened.open();
  await openChannel(page, 'general');
  await say(page, '/nothing like this');
  await page.getByRole('alert').getByText('There is no command /nothing').waitFor();
  expect(await page.locator('#say').inputValue()).toBe('/nothing like this');
});

const worst = ['serious', 'critical'];

async function faultsOf(page: Page): Promise<string[]> {
  const script = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  // The page's own policy lets no script in; a debugger's is let in all the same.
  await page.evaluate(script);
  const found = await page.evaluate('axe.run(document)');
  return violations(found)
    .filter(({ impact }) => worst.includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`),
    );
}

type Violation = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] };

function violations(found: unknown): Violation[] {
  const isResult = (value: unknown): value is { violations: Violation[] } =>
    typeof value === 'object' && value !== null && 'violations' in value;
  if (!isResult(found)) throw new Error('axe found nothing that it could judge');
  return found.violations;
}

it.each([
  ['dark', 1280],
  ['light', 1280],
  ['dark', 390],
  ['light', 390],
] as const)('has no serious accessibility fault: %s, %i pixels wide', async (colorScheme, width) => {
  const page = await opened.open({ colorScheme, viewport: { width, height: 800 } });
  await page.locator('.message').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  const isNarrow = width < 900;
  const pane = async (name: string) => {
    if (isNarrow) await page.getByRole('button', { name: 'What is behind' }).click();
    await page.getByRole('tab', { name }).click();
    expect(await faultsOf(page)).toEqual([]);
    if (isNarrow) await page.getByRole('button', { name: 'Close', exact: true }).click();
  };
  for (const name of ['Servers', 'Calls', 'Model', 'Actions', 'Bot']) await pane(name);
  if (isNarrow) await page.getByRole('button', { name: 'Channels and people' }).click();
  expect(await faultsOf(page)).toEqual([]);
  await openChannel(page, 'Assistarr');
  await page.locator('#say').pressSequentially('/');
  await page.locator('#suggestions').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.locator('#say').pressSequentially('services configure ');
  await page.locator('#command-menu [role="option"]').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

it('fits a phone: nothing is wider than the screen, and both panes open and close', async () => {
  const page = await opened.open({ viewport: { width: 390, height: 844 } });
  const tooWide = () => page.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(await tooWide()).toBe(false);
  await page.getByRole('button', { name: 'Channels and people' }).click();
  await page.locator('.sidebar').waitFor();
  expect(await tooWide()).toBe(false);
  await page.locator('.person', { hasText: 'Linus' }).click();
  await page.locator('.sidebar').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'What is behind' }).click();
  await page.getByRole('tab', { name: 'Servers' }).waitFor();
  expect(await tooWide()).toBe(false);
});

it('draws one message of a thousand when one comes, and scrolls to the first', async () => {
  const { discord } = opened.playground;
  const channel = discord.channel('long');
  for (let number = 1; number <= 1000; number++)
    discord.state.addMessage({
      channelId: channel.id,
      authorId: discord.person('Ada').id,
      content: `**message** ${number}`,
    });
  const page = await opened.open();
  await openChannel(page, 'long');
  await message(page, 'message 1000').waitFor();
  await page.evaluate(`{
    window.drawn = 0;
    new MutationObserver((changes) => { window.drawn += changes.length; })
      .observe(document.querySelector('.messages'), { subtree: true, childList: true, attributes: true, characterData: true });
  }`);
  discord.state.addMessage({ channelId: channel.id, authorId: discord.person('Ada').id, content: 'one more' });
  discord.state.changed();
  await message(page, 'one more').waitFor();
  expect(await page.evaluate('window.drawn')).toBeLessThan(20);
  await page.locator('#messages').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => page.locator('.content', { hasText: /^message 1$/ }).evaluate(isInView)).toBe(true);
  expect(await page.locator('.message').count()).toBe(1001);
});

/** Runs in the page, which this file knows no types of. */
function isInView(element: { getBoundingClientRect(): { top: number; bottom: number } }): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= 800;
}

it('answers only to its own address and its own page', async () => {
  const { url } = opened.playground;
  const page = await opened.open();
  const { port } = new URL(url);
  const status = await new Promise<number>((resolve, reject) => {
    import('node:http').then(({ request }) =>
      request({ port, host: '127.0.0.1', headers: { host: `evil.example:${port}` } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end(),
    );
  });
  expect(status).toBe(421);
  const { WebSocket } = await import('ws');
  const refused = await new Promise<string>((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { origin: 'http://evil.example' });
    socket.on('open', () => resolve('let in'));
    socket.on('error', (error) => resolve(error.message));
  });
  expect(refused).toContain('403');
  for (const path of [
    '/packages/lit/../../../package.json',
    '/page/../files.ts',
    '/packages/lit/%2e%2e/%2e%2e/package.json',
  ])
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  expect(await page.title()).toBe('Assistarr playground');
});
