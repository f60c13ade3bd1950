import { isObject, objects } from '../json.ts';

/** What the playground's model says of a tool's result. */
export function describe(title: Record<string, unknown>): string {
  const state = isObject(title.status) ? String(title.status.state) : 'unknown';
  const words: Record<string, string> = {
    absent: 'not in the library',
    monitored: 'wanted and being looked for',
    available: 'there',
    downloading: 'downloading',
    partial: 'partly there',
    unmonitored: 'in the library, but not wanted',
  };
  const runtime = typeof title.runtimeMinutes === 'number' ? `, ${title.runtimeMinutes} minutes` : '';
  const overview = typeof title.overview === 'string' ? ` ${title.overview}` : '';
  return `**${nameOf(title)}**${runtime}: ${words[state] ?? state}.${overview}`;
}

export function listed(result: Record<string, unknown>): string {
  const items = objects(result.items);
  if (items.length === 0) return 'There is nothing like that in the library.';
  const lines = items.map((item) => `- ${nameOf(item)} – ${String(item.status)}`);
  return `There are ${String(result.total)}:\n${lines.join('\n')}`;
}

export function queued(result: Record<string, unknown>): string {
  const lines = objects(result.downloads).map((item) => {
    const speed = Number(item.downloadSpeed ?? 0);
    return `- ${String(item.title)}: ${String(item.percent)} %${speed > 0 ? ` at ${speed / 1_000_000} MB/s` : ''}`;
  });
  const problems = Array.isArray(result.problems) ? result.problems.map(String) : [];
  return [...(lines.length === 0 ? ['Nothing is downloading.'] : ['Downloading now:', ...lines]), ...problems].join(
    '\n',
  );
}

export function watched(result: Record<string, unknown>): string {
  const sessions = objects(result.sessions).map((one) => `- ${String(one.user ?? 'Somebody')}: ${nameOf(one)}`);
  return sessions.length === 0 ? 'Nobody is watching now.' : `Watching now:\n${sessions.join('\n')}`;
}

export function titlesSaid(heading: string, nothing: string, result: Record<string, unknown>): string {
  const problems = Array.isArray(result.problems) ? result.problems.map(String) : [];
  const lines = objects(result.titles).map(
    (row) => `- ${[nameOf(row), row.status].filter((part) => part !== '').join(' – ')}`,
  );
  const said = lines.length > 0 ? [heading, ...lines] : problems.length > 0 ? [] : [nothing];
  return [...said, ...problems].join('\n');
}

export function inLibrary(result: Record<string, unknown>): string {
  const problems = Array.isArray(result.problems) ? result.problems.map(String) : [];
  const titles = objects(result.titles).map(nameOf);
  const found = titles.length === 0 ? 'It is not in the library.' : `In the library: ${titles.join(', ')}.`;
  return [...(titles.length > 0 || problems.length === 0 ? [found] : []), ...problems].join(' ');
}

export function statuses(result: Record<string, unknown>): string {
  return objects(result.services)
    .map((item) =>
      item.works === true
        ? `- ${String(item.service)} ${String(item.version)} works: ${String(item.holds)}`
        : `- ${String(item.problem)}`,
    )
    .join('\n');
}

export function finished(result: Record<string, unknown>): string {
  const name = typeof result.title === 'string' ? `**${nameOf(result)}**` : 'It';
  if (result.result === 'already_there') return `${name} is in the library already.`;
  if (result.result === 'already_requested' || result.result === 'nothing_left')
    return `${name} is requested or there already.`;
  if (result.result === 'waiting_for_approval') return `Done: ${name} is requested, and waits for approval.`;
  if (result.result === 'removed') return 'Done: the request is removed.';
  if (result.result === 'paused') return 'Done: paused.';
  if (result.result === 'resumed') return 'Done: it goes on.';
  if (result.result === 'search_started') return `A new search for ${name} has begun.`;
  return `Done: ${name} is requested. I hope you enjoy it.`;
}

export function nameOf(item: Record<string, unknown>): string {
  return `${String(item.title)}${typeof item.year === 'number' ? ` (${item.year})` : ''}`;
}
