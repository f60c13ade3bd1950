import { describe, expect, it } from 'vitest';
import { mayUse, OncePerHour } from '../../src/bot/access.ts';
import { describeForLog, SecretValues } from '../../src/bot/log.ts';
import { sameDefinition } from '../../src/bot/register-commands.ts';
import { Tasks } from '../../src/bot/tasks.ts';
import { TurnLimit } from '../../src/bot/turn-limit.ts';
import { Drafts } from '../../src/commands/services/drafts.ts';
import { ChatSDKError } from '../../src/errors.ts';

const policy = (users: string[], guilds: string[] = []) => ({
  adminUsers: new Set(['1']),
  allowedUsers: new Set(users),
  allowedGuilds: new Set(guilds),
});

describe('who may use the bot', () => {
  it.each([
    ['an admin', policy([]), { userId: '1', guildId: null }, true],
    ['a stranger', policy([]), { userId: '2', guildId: '9' }, false],
    ['a named user', policy(['2']), { userId: '2', guildId: null }, true],
    ['everyone', policy(['*']), { userId: '3', guildId: null }, true],
    ['a member of a named server', policy([], ['9']), { userId: '3', guildId: '9' }, true],
    ['the same person in a DM', policy([], ['9']), { userId: '3', guildId: null }, false],
    ['a DM when every server is allowed', policy([], ['*']), { userId: '3', guildId: null }, false],
  ])('%s', (_name, access, who, expected) => {
    expect(mayUse(access, who)).toBe(expected);
  });

  it('lets a key through once an hour', () => {
    const once = new OncePerHour();
    expect([once.take('a', 0), once.take('a', 3_599_999), once.take('b', 1), once.take('a', 3_600_000)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('counts turns in the last hour', () => {
    const limit = new TurnLimit(2);
    expect([limit.take('a', 0), limit.take('a', 10), limit.take('a', 20), limit.take('b', 20)]).toEqual([
      null,
      null,
      3_600_000,
      null,
    ]);
    expect(limit.take('a', 3_600_000)).toBeNull();
    expect(limit.take('a', 3_600_005)).toBe(3_600_010);
  });
});

describe('drafts', () => {
  const draft = {
    userId: 'a',
    serviceName: 'radarr' as const,
    typedAddress: 'x',
    baseUrl: null,
    username: null,
    secret: 's',
    sentTo: null,
  };

  it('belong to their user, can be taken once, and end after 15 minutes', () => {
    const drafts = new Drafts();
    const id = drafts.put(draft, 0);
    expect(drafts.get(id, 'b', 1)).toBeNull();
    expect(drafts.get(id, 'a', 1)).toEqual(draft);
    expect(drafts.take(id, 'a', 1)).toEqual(draft);
    expect(drafts.take(id, 'a', 1)).toBeNull();
    const late = drafts.put(draft, 0);
    expect(drafts.get(late, 'a', 15 * 60 * 1000)).toBeNull();
  });

  it('are bounded in number', () => {
    const drafts = new Drafts();
    const first = drafts.put(draft, 0);
    for (let index = 0; index < 600; index++) drafts.put(draft, 0);
    expect(drafts.get(first, 'a', 1)).toBeNull();
  });
});

describe('the registered commands', () => {
  const ours = { name: 'a', description: 'b', options: [{ type: 3, name: 'c', description: 'd', required: true }] };

  it('equal what Discord adds to them', () => {
    const theirs = {
      ...ours,
      id: '1',
      version: '2',
      nsfw: false,
      options: [{ ...ours.options[0], name_localizations: null, autocomplete: false }],
    };
    expect(sameDefinition(ours, theirs)).toBe(true);
  });

  it.each([
    { ...ours, description: 'other' },
    { ...ours, options: [] },
    { ...ours, options: [{ ...ours.options[0], required: false }] },
    { ...ours, options: [{ ...ours.options[0], autocomplete: true }] },
  ])('differ from %j', (theirs) => {
    expect(sameDefinition(ours, theirs)).toBe(false);
  });
});

describe('the log', () => {
  it('scrubs secrets, also as JSON writes them', () => {
    const secrets = new SecretValues();
    secrets.add('pass"word\\1');
    secrets.add('short');
    expect(secrets.scrub('a pass"word\\1 b pass\\"word\\\\1 short')).toBe('a [secret] b [secret] short');
  });

  it('writes neither the query nor the values of a database error, nor a request’s body', () => {
    const driver = Object.assign(new Error('Failed query: select canary params: canary'), {
      query: 'canary',
      params: ['canary'],
      code: '23505',
    });
    const database = new ChatSDKError('bad_request:database', 'Failed to get user', { cause: driver });
    const api = Object.assign(new Error('no'), { requestBodyValues: { messages: 'canary' }, statusCode: 500 });
    const text = JSON.stringify([describeForLog(database), describeForLog(api)]);
    expect(text).toContain('23505');
    expect(text).not.toContain('canary');
  });
});

describe('tasks', () => {
  it('waits for what runs and for what that begins, but not for ever', async () => {
    const tasks = new Tasks();
    const order: string[] = [];
    const later = async () => {
      await Promise.resolve();
      order.push('second');
    };
    tasks.track(
      Promise.resolve().then(() => {
        order.push('first');
        tasks.track(later());
      }),
    );
    expect(await tasks.settled(1000)).toBe('settled');
    expect(order).toEqual(['first', 'second']);
    tasks.track(new Promise(() => undefined));
    expect(await tasks.settled(10)).toBe('timed-out');
  });
});
