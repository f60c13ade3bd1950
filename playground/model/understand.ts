/** What a sentence asks for, as far as the playground's model understands English. */
export type Intent =
  | { kind: 'status' }
  | { kind: 'queue' }
  | { kind: 'torrents'; change: 'pause' | 'resume'; query?: string }
  | { kind: 'recently-added' }
  | { kind: 'continue-watching' }
  | { kind: 'sessions' }
  | { kind: 'library'; title: string }
  | { kind: 'requests'; everybody: boolean }
  | { kind: 'remove-request' }
  | { kind: 'list'; of: 'movies' | 'series'; query?: string }
  | {
      kind: 'request' | 'search' | 'details';
      of: 'movie' | 'series' | 'unknown';
      title: string;
      year?: number;
      seasons?: number[] | 'all';
      is4k?: true;
    }
  | { kind: 'about-last' }
  | { kind: 'greeting' }
  | { kind: 'help' }
  | { kind: 'consent' }
  | { kind: 'unknown' };

const rules: readonly (readonly [RegExp, (match: RegExpExecArray, sentence: string) => Intent])[] = [
  [/^(hi|hello|hey|good (morning|evening)|thanks|thank you)\b[!. ]*$/i, () => ({ kind: 'greeting' })],
  [/^(help|what (can|do) you do|what can i (ask|say|do)|how does (this|it) work)\b[^a-z]*$/i, () => ({ kind: 'help' })],
  [/^(yes|yep|sure|ok|okay|do it|go ahead|go on)\b[^a-z]*$/i, () => ({ kind: 'consent' })],
  [
    /^what(?:'s| is) (?:on|in) (?:my |the |our )?(radarr|sonarr|library)[?.! ]*$/i,
    (match) => ({ kind: 'list', of: /sonarr/i.test(match[1] ?? '') ? 'series' : 'movies' }),
  ],
  [
    /\b(the one|that one|the (film|movie|series|show)|what) i (just )?(requested|asked for|added)\b|\b(is|has) (it|that) (there|done|ready|arrived)\b/i,
    () => ({ kind: 'about-last' }),
  ],
  [
    /\b(servers?|services?)\b.*\b(up|ok|okay|fine|work|works|working|running|status|healthy|online)\b|\bstatus\b|\beverything (ok|okay|fine|working)\b/i,
    () => ({ kind: 'status' }),
  ],
  [
    /^(pause|stop|resume|continue|unpause) (?:everything[?.! ]*$|all(?: the)?(?: torrents| downloads)?[?.! ]*$|(?:the )?(?:torrents?|downloads?)[?.! ]*$|(?:the )?(.+?)(?: torrents?| downloads?)?)[?.! ]*$/i,
    (match) => ({
      kind: 'torrents',
      change: /pause|stop/i.test(match[1] ?? '') && !/unpause/i.test(match[1] ?? '') ? 'pause' : 'resume',
      ...(match[2] === undefined ? {} : { query: match[2] }),
    }),
  ],
  [/\b(?:who|what) (?:is|are|'s)\b.*\b(watching|playing|streaming)\b/i, () => ({ kind: 'sessions' })],
  [
    /\b(was i watching|go on watching|continue watching|finish watching|keep watching)\b/i,
    () => ({ kind: 'continue-watching' }),
  ],
  [
    /\b(what(?:'s| is) new|recently added|newly added|added (?:lately|recently)|new on jellyfin)\b/i,
    () => ({ kind: 'recently-added' }),
  ],
  [
    /^is (.+?) (?:in (?:my|the|our) library|on jellyfin|on the server)[?.! ]*$/i,
    (match) => ({ kind: 'library', title: match[1] ?? '' }),
  ],
  [/\b(?:remove|delete|cancel|withdraw) my (?:last|latest|newest) request\b/i, () => ({ kind: 'remove-request' })],
  [
    /\b(?:what (?:did|have) (?:i|we) request(?:ed)? (?:in|on) (?:jelly)?seerr|(?:my|all|the|everybody's) requests)\b/i,
    (match) => ({ kind: 'requests', everybody: /all|everybody/i.test(match[0]) }),
  ],
  [/\b(downloading|downloads|queue|how far|how fast|progress|download speed)\b/i, () => ({ kind: 'queue' })],
  [
    /^(?:what|which|show me|list|show)\b.*\b(films|movies|series|shows)\b(?:.*?\b(?:called|named|with|by the name of)\s+(.+?)[?.! ]*$)?/i,
    (match) => ({
      kind: 'list',
      of: /series|shows/i.test(match[1] ?? '') ? 'series' : 'movies',
      ...(match[2] === undefined ? {} : { query: match[2] }),
    }),
  ],
  [
    /^(?:tell me (?:more )?about|what is|what's|how long is|who is in|describe)\s+(.+?)(?:\s+about)?[?.! ]*$/i,
    (match) => titled('details', match[1] ?? ''),
  ],
  [
    /^(?:do we have|do i have|have we got|is there|search(?: for)?|look up|look for|find)\s+(.+?)[?.! ]*$/i,
    (match) => titled('search', match[1] ?? ''),
  ],
  [
    /(?:^|\b(?:can|could|would|will) you (?:please )?|\bplease |\bi(?:'d| would) (?:like|love) (?:you )?to |\blet's )(?:get|add|request|download|grab|fetch|watch|order|see)\s+(?:me |us )?(.+?)[?.! ]*$/i,
    (match) => titled('request', match[1] ?? ''),
  ],
  [
    /\b(?:i|we) (?:want|wanna|need|feel like)(?: to)?(?: (?:watch|see|get))?(?:ing)?\s+(.+?)[?.! ]*$/i,
    (match) => titled('request', match[1] ?? ''),
  ],
];

/** Reads a sentence. Never throws; what fits no rule is `unknown`. */
export function understand(sentence: string): Intent {
  const text = sentence
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(ok|okay|so|well|hey|please),? /i, '');
  for (const [pattern, read] of rules) {
    const match = pattern.exec(text);
    if (match !== null) return read(match, text);
  }
  return { kind: 'unknown' };
}

/** Takes season, year and filler out of what stands where a title is due. */
function titled(kind: 'request' | 'search' | 'details', phrase: string): Intent {
  let title = phrase.replace(/\b(please|for me|for us|tonight|again|in the library|on the server|thanks)\b/gi, ' ');
  const seasons = seasonsOf(title);
  const is4k = /\b(?:4k|uhd)\b/i.test(title);
  title = title.replace(/\b(?:in )?(?:4k|uhd)\b/gi, ' ');
  title = title.replace(
    /\b(?:all (?:seasons )?of|(?:the )?(?:first|latest) season of|the whole of|all seasons|complete)\b/gi,
    ' ',
  );
  title = title.replace(
    /,?\s*\b(?:the )?(?:all |whole |complete )?seasons?\s+(?:of\b|\d+(?:\s*(?:and|to|-|,|&)\s*\d+)*)/gi,
    ' ',
  );
  title = title.replace(/^\s*of\b/i, ' ');
  const isSeries = seasons !== undefined || /\b(series|show)\b/i.test(title);
  const isMovie = /\b(film|movie)\b/i.test(title);
  title = title.replace(/\b(?:the )?(?:film|movie|tv show|tv series|series|show)\b/gi, ' ');
  const year = /(?:\s+(?:from|of))?\s*\(?((?:19|20)\d\d)\)?$/.exec(title.trim());
  if (year !== null) title = title.trim().slice(0, year.index);
  title = title
    .replace(/["“”]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s,]+|[\s,?.!]+$/g, '');
  if (title === '') return { kind: 'unknown' };
  return {
    kind,
    of: isSeries ? 'series' : isMovie ? 'movie' : 'unknown',
    title,
    ...(year === null ? {} : { year: Number(year[1]) }),
    ...(seasons === undefined ? {} : { seasons }),
    ...(is4k ? { is4k } : {}),
  };
}

function seasonsOf(text: string): number[] | 'all' | undefined {
  if (/\ball (?:seasons )?of\b|\ball seasons\b|\bwhole\b|\bcomplete\b/i.test(text)) return 'all';
  if (/\bfirst season\b/i.test(text)) return [1];
  const match = /\bseasons?\s+(\d+)(?:\s*(and|to|-|,|&)\s*(\d+))?/i.exec(text);
  if (match === null) return undefined;
  const [from, to] = [Number(match[1]), match[3] === undefined ? null : Number(match[3])];
  if (to === null) return [from];
  if (match[2] !== 'to' && match[2] !== '-') return [from, to];
  return Array.from({ length: Math.max(0, to - from) + 1 }, (_, index) => from + index);
}
