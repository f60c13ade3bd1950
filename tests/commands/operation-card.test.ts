import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateMessage } from '../../playground/discord/validate-message.ts';
import { isObject, type Json, objects } from '../../playground/json.ts';
import { choose } from '../../src/commands/cards/choose.ts';
import { operationCard } from '../../src/commands/cards/operation-card.ts';
import { firstPlace, type Place, readPlace } from '../../src/commands/cards/place.ts';
import { messages, sayInEnglish } from '../../src/messages.ts';
import type { Choice, Option } from '../../src/tools/choices.ts';
import type { LoadedCall, Preview } from '../../src/tools/preview.ts';

const id = '0d4f6a34-5f7c-4b4e-9a39-0f4c1f4b6f10';

type Input = { one: string; several: readonly string[]; isOn: boolean };
const nothingChosen: Input = { one: '0', several: [], isOn: false };

function optionsOf(count: number, label = (at: number) => `Option ${at}`): Option[] {
  return Array.from({ length: count }, (_, at) => ({ value: String(at), label: label(at), description: label(at) }));
}

const one = (options: readonly Option[], input = nothingChosen, choiceId = 'one'): Choice<Input> => ({
  kind: 'one',
  id: choiceId,
  label: 'Which one?',
  options,
  chosen: input.one,
  take: (value) => ({ ...input, one: value }),
});
const several = (options: readonly Option[], input = nothingChosen, choiceId = 'several'): Choice<Input> => ({
  kind: 'several',
  id: choiceId,
  label: 'Which ones?',
  options,
  chosen: input.several,
  shortcuts: [{ id: `every-${choiceId}`, label: 'All', values: options.map(({ value }) => value) }],
  take: (values) => ({ ...input, several: values }),
});
const toggle = (choiceId: string, input = nothingChosen): Choice<Input> => ({
  kind: 'toggle',
  id: choiceId,
  label: 'Switch',
  isOn: input.isOn,
  take: (isOn) => ({ ...input, isOn }),
});

const words = messages('test', { button: 'Do it' });

/** An operation of which only the card matters. */
function loadedWith(choices: readonly Choice<Input>[], preview: Preview = { lines: ['Does it.'] }, title = 'Dune') {
  const loaded: LoadedCall = {
    details: {},
    button: words.button,
    fillIn: (input) => input,
    preview: () => ({
      title: { title, year: 2021, posterUrl: 'https://image.tmdb.org/t/p/original/dune.jpg' },
      ...preview,
    }),
    choices: () => choices,
    remember: () => ({}),
  };
  return loaded;
}

/** The components of a card, checked by Discord's rules: 40 of them, 4,000 characters, 25 options, custom_ids told apart. */
function componentsOf(loaded: LoadedCall, place: Place = firstPlace): Json[] {
  const { allowedMentions, ...message } = operationCard({ id, input: {} }, loaded, { say: sayInEnglish, place });
  const sent: unknown = JSON.parse(JSON.stringify({ ...message, allowed_mentions: allowedMentions }));
  if (!isObject(sent)) throw new Error('a card is an object');
  validateMessage(sent, { isEdit: false, wasV2: false, hasFiles: false });
  return flat(objects(sent.components));
}

function flat(components: readonly Json[]): Json[] {
  return components.flatMap((component) => [component, ...flat(objects(component.components))]);
}

const labelled = (components: readonly Json[], label: string) => components.filter((part) => part.label === label);
const valuesIn = (components: readonly Json[]) =>
  components.flatMap(({ options }) => objects(options).map(({ value }) => String(value)));
const placeOf = (button: Json) => readPlace(String(button.custom_id).split(':').slice(3));

/** Everything that `see` finds when each button that turns a page is pressed, from the first card on. */
function walk(loaded: LoadedCall, labels: readonly string[], see: (components: Json[]) => void): void {
  const seen = new Set<string>();
  const waiting: Place[] = [firstPlace];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const components = componentsOf(loaded, place);
    see(components);
    for (const button of labels.flatMap((label) => labelled(components, label))) {
      const customId = String(button.custom_id);
      if (button.disabled === true || seen.has(customId)) continue;
      seen.add(customId);
      waiting.push(placeOf(button));
    }
  }
}

describe('the card of any operation', () => {
  it('shows what a press will do, and the buttons of the operation', () => {
    const components = componentsOf(loadedWith([]));
    const texts = components.flatMap(({ content }) => (typeof content === 'string' ? [content] : []));
    expect(texts).toEqual(['## Dune (2021)', 'Does it.']);
    expect(labelled(components, 'Do it')[0]).toMatchObject({ custom_id: `call:${id}:press` });
    expect(labelled(components, 'Cancel')[0]).toMatchObject({ custom_id: `call:${id}:cancel` });
  });

  it('has its button disabled where a press could do nothing', () => {
    const components = componentsOf(loadedWith([], { lines: ['Nothing is there.'], isNothing: true }));
    expect(labelled(components, 'Do it')[0]).toMatchObject({ disabled: true });
  });

  it('reaches each of 10,000 options by turning pages, ten at once too', () => {
    const options = optionsOf(10_000, (at) => `${at} ${'_*|<@&'.repeat(84)}`);
    const reached = new Set<string>();
    walk(loadedWith([one(options)], { lines: ['x'.repeat(5000)] }, '*'.repeat(500)), ['More ›'], (components) => {
      for (const value of valuesIn(components)) reached.add(value);
    });
    expect(reached.size).toBe(10_000);
    const second = componentsOf(loadedWith([one(options)]), { pages: [1], sheet: 0 });
    const [forward, back] = ['10 »', '« 10'].map((label) => labelled(second, label)[0]);
    expect(placeOf(forward ?? {}).pages).toEqual([11]);
    expect(valuesIn(componentsOf(loadedWith([one(options)]), placeOf(back ?? {})))[0]).toBe('0');
  });

  it('reaches each option of 14 lists and each of 30 buttons, a sheet after the other', () => {
    const lists = Array.from({ length: 14 }, (_, at) =>
      at % 2 === 0 ? one(optionsOf(60), nothingChosen, `one${at}`) : several(optionsOf(60), nothingChosen, `some${at}`),
    );
    const switches = Array.from({ length: 30 }, (_, at) => toggle(`switch${at}`));
    const reached = new Set<string>();
    walk(
      loadedWith([...lists, ...switches]),
      ['More choices ›', '‹ Other choices', 'More ›', '‹ Back'],
      (components) => {
        for (const { custom_id: customId, options } of components) {
          const field = String(customId).split(':')[3] ?? '';
          if (options === undefined) reached.add(field);
          for (const { value } of objects(options)) reached.add(`${field}=${value}`);
        }
      },
    );
    for (const { id: field } of lists) for (let at = 0; at < 60; at++) expect(reached).toContain(`${field}=${at}`);
    for (const { id: field } of switches) expect(reached).toContain(field);
  });

  it('pages 10,000 names of 500 characters, none of which is a mention or a link', () => {
    const items = Array.from({ length: 10_000 }, (_, at) => `${at} ${'@everyone `[x](https://x.y) ||'.repeat(17)}`);
    const loaded = loadedWith([], { items, lines: ['Stops them.'] }, '@here '.repeat(83));
    const names = (place: Place) =>
      componentsOf(loaded, place).flatMap(({ content }) => String(content ?? '').match(/^- .*$/gm) ?? []);
    expect(names(firstPlace)).toHaveLength(10);
    expect(names({ pages: [999], sheet: 0 })[9]).toMatch(/^- 9999 /);
    expect(JSON.stringify(componentsOf(loaded))).toContain('1–10 of 10000');
    expect(names(firstPlace).join()).not.toMatch(/@everyone|https:\/\/|[^\\]`/);
  });

  it('keeps to Discord’s limits whatever the server says, at any place', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 600 });
    const anyOptions = fc.array(fc.record({ value: anyText, label: anyText, description: anyText }), {
      maxLength: 120,
    });
    const anyPlace = fc.record({
      pages: fc.array(fc.option(fc.integer({ min: -20, max: 99_999 }), { nil: undefined }), { maxLength: 6 }),
      sheet: fc.integer({ min: -1, max: 50 }),
    });
    fc.assert(
      fc.property(anyText, fc.array(anyText), anyOptions, anyPlace, (title, items, options, place) => {
        const choices = [one(options), several(options), one(options, nothingChosen, 'two'), toggle('switch')];
        componentsOf(loadedWith(choices, { items, lines: [title, title] }, title), place);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a choice', () => {
  const options = optionsOf(60);
  const at = (...pages: number[]): Place => ({ pages, sheet: 0 });

  it('of one is taken from any page, and refused when it is gone', () => {
    const choices = [one(options)];
    expect(choose(choices, { field: 'one', values: ['59'], place: at(0) })).toMatchObject({ one: '59' });
    expect(choose(choices, { field: 'one', values: ['60'], place: at(0) })).toBeNull();
    expect(choose(choices, { field: 'one', values: [], place: at(0) })).toBeNull();
    expect(choose(choices, { field: 'another', values: ['1'], place: at(0) })).toBeNull();
  });

  it('of several keeps what is chosen on other pages, and forgets what is gone', () => {
    const input = { ...nothingChosen, several: ['3', '30', '99'] };
    const choices = [one(options, input), several(options, input)];
    const chosen = choose(choices, { field: 'several', values: ['26'], place: at(0, 1) });
    expect(chosen).toMatchObject({ several: ['3', '26'] });
    expect(choose(choices, { field: 'several', values: [], place: at(0, 0) })).toMatchObject({ several: ['30'] });
    expect(choose(choices, { field: 'several', values: ['3'], place: at(0, 1) })).toBeNull();
    const every = choose(choices, { field: 'every-several', values: [], place: at() });
    expect(every).toMatchObject({ several: options.map(({ value }) => value) });
  });

  it('of what is left out leaves the rest, and never less than must stay', () => {
    const input = { ...nothingChosen, several: options.map(({ value }) => value) };
    const leaveOut = (items: readonly Option[]): Choice<Input> => ({
      kind: 'leave-out',
      id: 'out',
      label: 'Leave some out',
      options: items,
      least: 1,
      take: (left) => ({ ...input, several: left }),
    });
    const without = (items: readonly Option[], ...values: string[]) =>
      choose([leaveOut(items)], { field: 'out', values, place: at(1) });
    expect(without(optionsOf(3), '0', '2')).toMatchObject({ several: ['1'] });
    expect(without(options, '59')).toMatchObject({ several: input.several.slice(0, 59) });
    for (const values of [[], ['0', '1', '2'], ['3']]) expect(without(optionsOf(3), ...values)).toBeNull();
    const select = (count: number) =>
      componentsOf(loadedWith([leaveOut(optionsOf(count))])).find((part) => part.placeholder !== undefined);
    expect(select(3)).toMatchObject({ min_values: 1, max_values: 2 });
    expect(select(60)).toMatchObject({ min_values: 1, max_values: 25 });
    expect(select(1)).toBeUndefined();
  });

  it('that is switched is the other of two', () => {
    const pressed = { field: 'switch', values: [], place: at() };
    expect(choose([toggle('switch')], pressed)).toMatchObject({ isOn: true });
    expect(choose([toggle('switch', { ...nothingChosen, isOn: true })], pressed)).toMatchObject({ isOn: false });
  });
});
