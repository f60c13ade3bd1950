import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';

let discord: PlaygroundDiscord;
beforeAll(async () => {
  discord = await startDiscord({ interactionMs: 150, rateLimits: true });
});
afterAll(() => discord.stop());

async function call(method: string, path: string, body?: unknown, token: string | null = discord.token) {
  const response = await fetch(discord.apiUrl + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bot ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  const code = typeof parsed === 'object' && parsed !== null && 'code' in parsed ? parsed.code : undefined;
  return { status: response.status, code, text };
}

const button = (custom_id: string, more: object = {}) => ({ type: 2, style: 1, label: 'x', custom_id, ...more });
const row = (...components: object[]) => ({ type: 1, components });
const select = (options: object[], more: object = {}) => row({ type: 3, custom_id: 's', options, ...more });
const option = (value: string) => ({ label: value, value });
const v2 = (components: object[], more: object = {}) => ({ flags: 1 << 15, components, ...more });

describe('messages that Discord refuses with 50035', () => {
  const refused: [string, object][] = [
    ['content over 2,000', { content: 'x'.repeat(2001) }],
    ['embeds over 6,000', { embeds: [{ description: 'x'.repeat(4096) }, { description: 'x'.repeat(2000) }] }],
    ['a custom_id over 100', { content: 'a', components: [row(button('x'.repeat(101)))] }],
    ['two equal custom_ids', { content: 'a', components: [row(button('a'), button('a'))] }],
    [
      'six buttons in a row',
      { content: 'a', components: [row(...['1', '2', '3', '4', '5', '6'].map((id) => button(id)))] },
    ],
    ['a label over 80', { content: 'a', components: [row(button('a', { label: 'x'.repeat(81) }))] }],
    [
      '26 options',
      { content: 'a', components: [select(Array.from({ length: 26 }, (_, index) => option(String(index))))] },
    ],
    ['no option', { content: 'a', components: [select([])] }],
    ['two equal values', { content: 'a', components: [select([option('a'), option('a')])] }],
    ['more choices than options', { content: 'a', components: [select([option('a')], { max_values: 2 })] }],
    ['Components V2 without the flag', { components: [{ type: 10, content: 'a' }] }],
    ['content beside Components V2', v2([{ type: 10, content: 'a' }], { content: 'a' })],
    ['41 components', v2(Array.from({ length: 41 }, () => ({ type: 10, content: 'a' })))],
    [
      '4,001 characters of text',
      v2([
        { type: 10, content: 'x'.repeat(4000) },
        { type: 10, content: 'x' },
      ]),
    ],
    [
      'a container in a container',
      v2([{ type: 17, components: [{ type: 17, components: [{ type: 10, content: 'a' }] }] }]),
    ],
    ['a section without an accessory', v2([{ type: 9, components: [{ type: 10, content: 'a' }] }])],
    ['a picture without an address', v2([{ type: 12, items: [{ media: { url: 'poster.jpg' } }] }])],
    ['a nonce over 25', { content: 'a', nonce: 'x'.repeat(26) }],
  ];
  it.each(refused)('%s', async (name, body) => {
    // A channel of its own: five messages in five seconds are the most a channel takes.
    const reply = await call('POST', `/channels/${discord.channel(`for ${name}`).id}/messages`, body);
    expect([reply.status, reply.code]).toEqual([400, 50035]);
    expect(reply.text).toContain('_errors');
  });
});

describe('what else Discord refuses', () => {
  it('a wrong token, an unknown channel, message, and another’s message', async () => {
    const channel = discord.channel('refusals');
    expect((await call('GET', '/users/@me', undefined, 'wrong')).status).toBe(401);
    expect((await call('POST', '/channels/1/messages', { content: 'a' })).code).toBe(10003);
    expect((await call('PATCH', `/channels/${channel.id}/messages/1`, { content: 'a' })).code).toBe(10008);
    const said = discord.person('Ada').say(channel, 'hi');
    expect((await call('PATCH', `/channels/${channel.id}/messages/${said.id}`, { content: 'a' })).code).toBe(50005);
  });

  it('an empty message, no permission, no access, closed DMs', async () => {
    const channel = discord.channel('permissions');
    const path = `/channels/${channel.id}/messages`;
    expect((await call('POST', path, { content: ' ' })).code).toBe(50006);
    channel.deniedToBot = 1n << 11n;
    expect((await call('POST', path, { content: 'a' })).code).toBe(50013);
    channel.deniedToBot = 1n << 10n;
    expect((await call('POST', path, { content: 'a' })).code).toBe(50001);
    const shy = discord.person('Shy', { dmsClosed: true });
    expect((await call('POST', `/channels/${shy.dm().id}/messages`, { content: 'a' })).code).toBe(50007);
  });

  it('commands with a bad name, two of a name, or a required option behind one that is not', async () => {
    const path = `/applications/${discord.state.applicationId}/commands`;
    const command = (more: object) => ({ name: 'a', description: 'b', ...more });
    for (const commands of [
      [command({ name: 'Not Good' })],
      [command({}), command({})],
      [
        command({
          options: [
            { type: 3, name: 'a', description: 'b' },
            { type: 3, name: 'c', description: 'd', required: true },
          ],
        }),
      ],
    ])
      expect((await call('PUT', path, commands)).code).toBe(50035);
  });

  it('posts the same nonce once', async () => {
    const path = `/channels/${discord.channel('nonce').id}/messages`;
    const body = { content: 'a', nonce: 'same', enforce_nonce: true };
    const [first, second] = [await call('POST', path, body), await call('POST', path, body)];
    expect(JSON.parse(first.text).id).toBe(JSON.parse(second.text).id);
  });

  it('more than five messages in five seconds', async () => {
    const path = `/channels/${discord.channel('fast').id}/messages`;
    const statuses = [];
    for (let index = 0; index < 6; index++)
      statuses.push((await call('POST', path, { content: String(index) })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });
});

describe('interactions', () => {
  const interact = async () => {
    await call('PUT', `/applications/${discord.state.applicationId}/commands`, [{ name: 'ping', description: 'p' }]);
    return discord.person('Ada').slash(discord.channel('interactions'), 'ping').interaction;
  };
  const answer = (interaction: { id: string; token: string }, body: object) =>
    call('POST', `/interactions/${interaction.id}/${interaction.token}/callback`, body, null);

  it('take one answer, in time, of the right kind', async () => {
    const interaction = await interact();
    expect((await answer(interaction, { type: 7, data: {} })).code).toBe(50035);
    expect((await answer(interaction, { type: 8, data: { choices: [] } })).code).toBe(50035);
    expect((await answer(interaction, { type: 4, data: { content: 'pong' } })).status).toBe(204);
    expect((await answer(interaction, { type: 4, data: { content: 'again' } })).code).toBe(40060);
    const late = await interact();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await answer(late, { type: 5 })).code).toBe(10062);
    expect((await answer({ id: '1', token: 'x' }, { type: 5 })).code).toBe(10062);
  });

  it('end with their token', async () => {
    const interaction = await interact();
    await answer(interaction, { type: 4, data: { content: 'pong', flags: 64 } });
    const path = `/webhooks/${discord.state.applicationId}/${interaction.token}/messages/@original`;
    expect((await call('PATCH', path, { content: 'edited' }, null)).status).toBe(200);
    interaction.createdAt -= 16 * 60 * 1000;
    expect((await call('PATCH', path, { content: 'too late' }, null)).code).toBe(50027);
  });

  it('say to the person that the application did not respond', async () => {
    const handle = discord.person('Ada').slash(discord.channel('interactions'), 'ping');
    await expect(handle.reply()).rejects.toThrow('did not respond');
  });
});
