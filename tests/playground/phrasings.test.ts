import { expect, it } from 'vitest';
import { decide } from '../../playground/model/brain.ts';
import { phrasings } from '../../playground/model/phrasings.ts';

const tools = [
  'search_movies',
  'search_series',
  'list_movies',
  'list_series',
  'get_download_queue',
  'get_service_status',
  'list_requests',
  'list_torrents',
  'pause_torrents',
  'resume_torrents',
  'search_library',
  'get_recently_added',
  'get_continue_watching',
  'get_sessions',
];
const said = (text: string) => ({ messages: [{ role: 'user', text, calls: [], callId: null }], tools });

it('has forty phrasings and more, each once', () => {
  expect(phrasings.length).toBeGreaterThanOrEqual(40);
  expect(new Set(phrasings.map(([sentence]) => sentence)).size).toBe(phrasings.length);
});

it.each(phrasings)('understands "%s"', (sentence, expected) => {
  expect(decide(said(sentence))).toEqual(expected);
});

it('says so when it does not understand', () => {
  expect(decide(said('the weather in the mountains'))).toEqual({ say: expect.stringContaining('did not understand') });
});

it('says what it can do, and that a yes is a press', () => {
  for (const asked of ['help', 'What can you do?'])
    expect(decide(said(asked))).toEqual({ say: expect.stringContaining('Try “get me Dune”') });
  for (const agreed of ['yes', 'ok!', 'Go ahead.'])
    expect(decide(said(agreed))).toEqual({ say: expect.stringContaining('waits for your press') });
});

it('says so when the tool is not offered', () => {
  const decision = decide({ ...said('get me Dune'), tools: ['get_service_status'] });
  expect(decision).toEqual({ say: expect.stringContaining('isn’t set up for you') });
});
