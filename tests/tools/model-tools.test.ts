import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { messages } from '../../src/messages.ts';
import { type ModelTool, modelTools, projectionOf } from '../../src/tools/model-tools.ts';
import { tools } from '../../src/tools/registry.ts';
import { type AnyTool, definePressTool, defineReadTool } from '../../src/tools/tool.ts';

type Model = { tool: string; action: string };

/** An operation that only looks, of these fields, as the model has it. */
function look(name: string, input: z.ZodType, model?: Model): AnyTool {
  return defineReadTool({
    name,
    description: `Looks at ${name}.`,
    ...(model === undefined ? {} : { model }),
    services: ['radarr'],
    input,
    output: z.object({}),
    words: messages(name, { activity: 'Looking' }),
    sentences: { phrases: [{ says: [`look at ${name}`] }], input: {}, answer: () => 'Looked.' },
    run: async () => ({}),
  });
}

/** One that waits for a press. */
function change(name: string, model: Model): AnyTool {
  return definePressTool({
    name,
    description: 'Changes.',
    model,
    effect: 'write',
    services: ['radarr'],
    input: z.object({}),
    output: z.object({ result: z.literal('changed') }),
    words: messages(name, { activity: 'Changing', button: 'Change', busy: 'Changing…' }),
    sentences: { phrases: [{ says: [`change ${name}`] }], input: {} },
    load: async () => ({ title: { title: 'All', year: null, posterUrl: null } }),
    preview: () => ({ lines: [] }),
    run: async () => ({ result: 'changed' as const }),
    verify: async () => 'unknown' as const,
    done: { changed: () => 'Changed.' },
  });
}

const all = Object.values<AnyTool>(tools);
const ajv = new Ajv({ strict: false });

describe('what the model gets', () => {
  it('is each operation that has no group by itself, and each group once, in the order of the registry', () => {
    const operations = [
      look('one', z.object({ id: z.number() })),
      look('two', z.object({ id: z.number().describe('from one'), all: z.boolean().optional() }), {
        tool: 'rare',
        action: 'second',
      }),
      look('three', z.object({})),
      look('four', z.object({ id: z.number().describe('from three') }), { tool: 'rare', action: 'fourth' }),
      look('five', z.object({}), { tool: 'rare', action: 'fifth' }),
    ];
    const projection = projectionOf(operations);
    expect(projection.toolsFor(operations).map(({ name }) => name)).toEqual(['one', 'rare', 'three']);
    expect(projection.toolsFor(operations)[1]).toMatchObject({
      isRead: true,
      description: 'second(id, all?): Looks at two.\nfourth(id): Looks at four.\nfifth: Looks at five.',
      input: {
        type: 'object',
        properties: {
          action: { type: 'string', enum: ['second', 'fourth', 'fifth'] },
          id: { type: 'number', description: 'from one; from three' },
          all: { type: 'boolean' },
        },
        required: ['action'],
      },
    });
    const some = projection.toolsFor(operations.slice(2));
    expect(some.map(({ name }) => name)).toEqual(['three', 'rare']);
    expect(some[1]?.input.properties).toMatchObject({ action: { enum: ['fourth', 'fifth'] } });
    expect(some[1]?.check({ action: 'second', id: 1 })).toMatchObject({ success: false });
  });

  it('is a plain object for each tool, and names no operation that is an action', () => {
    const told = modelTools.toolsFor(all);
    const actions = all.filter(({ model }) => model !== undefined).map(({ name }) => name);
    expect(actions.length).toBeGreaterThan(5);
    for (const { name, description, input } of told) {
      expect(Object.keys(input).filter((key) => !['type', 'properties', 'required'].includes(key))).toEqual([]);
      const words = `${name} ${description} ${JSON.stringify(input)}`;
      expect(actions.filter((action) => words.includes(action))).toEqual([]);
    }
  });

  const [a, b] = [
    { tool: 'rare', action: 'a' },
    { tool: 'rare', action: 'b' },
  ];
  it.each<[string, AnyTool[], RegExp]>([
    [
      'mixes reads and presses',
      [look('one', z.object({}), a), change('two', b)],
      /rare mixes reads and presses: one and two/,
    ],
    [
      'has an action twice',
      [look('one', z.object({}), a), look('two', z.object({}), a)],
      /two actions with the name a/,
    ],
    [
      'has the name of an operation',
      [look('one', z.object({}), a), look('rare', z.object({}))],
      /rare is the name of an op/,
    ],
    [
      'takes two kinds of a field of one name',
      [look('one', z.object({ id: z.number() }), a), look('two', z.object({ id: z.string() }), b)],
      /one and two .* differ in what they take as id/,
    ],
    ['takes a field named action', [look('one', z.object({ action: z.string() }), a)], /takes a field named action/],
  ])('is refused at the start when a group %s', (_case, operations, words) => {
    expect(() => projectionOf(operations)).toThrow(words);
  });

  it('is refused at the start when an input is no plain object, alone or in a group', () => {
    const union = z.union([z.object({ id: z.number() }), z.object({ all: z.boolean() })]);
    for (const model of [undefined, a])
      expect(() => projectionOf([look('one', union, model)])).toThrow(/the input of one must be an object/);
  });
});

/** Values that a told field may have. */
function fieldOf(schema: z.core.JSONSchema.BaseSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(fieldOf));
  switch (schema.type) {
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? (schema.exclusiveMinimum === 0 ? 1 : -1000),
        max: schema.maximum ?? 100_000,
      });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return schema.pattern === undefined
        ? fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 50, 50) })
        : fc.stringMatching(new RegExp(schema.pattern));
    case 'array': {
      const { items } = schema;
      if (typeof items !== 'object' || Array.isArray(items)) break;
      return fc.array(fieldOf(items), { minLength: schema.minItems ?? 0, maxLength: 5 });
    }
  }
  throw new Error(`no values are known for ${JSON.stringify(schema)}`);
}

/** Inputs that an operation's own schema accepts. */
function inputOf({ input }: AnyTool): fc.Arbitrary<object> {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { target: 'draft-7', io: 'input' });
  const fields = Object.entries(properties).map(([name, schema]) => {
    const value = (typeof schema === 'object' ? fieldOf(schema) : fc.anything()).map((one) => ({ [name]: one }));
    return required.includes(name) ? value : fc.oneof(fc.constant({}), value);
  });
  return fc
    .tuple(...fields)
    .map((parts): object => Object.assign({}, ...parts))
    .filter((value) => input.safeParse(value).success);
}

const kinds = {
  id: z.number().int().positive(),
  query: z.string().min(1).max(20),
  kind: z.enum(['movie', 'series']),
  all: z.boolean(),
  seasons: z.array(z.number().int().min(0).max(100)).max(5),
  which: z.union([z.literal('all'), z.array(z.string().regex(/^[0-9a-f]{4}$/)).min(1)]),
};

/** A group of operations, each with some of these fields. */
const someGroup = fc
  .array(fc.dictionary(fc.constantFrom(...Object.keys(kinds)), fc.boolean()), { minLength: 1, maxLength: 5 })
  .map((operations) =>
    operations.map((fields, index) => {
      const shape = Object.entries(kinds).flatMap(([field, kind]) => {
        const isRequired = fields[field];
        return isRequired === undefined ? [] : [[field, isRequired ? kind : kind.optional()]];
      });
      return look(`operation_${index}`, z.object(Object.fromEntries(shape)), { tool: 'rare', action: `a${index}` });
    }),
  )
  .map((operations) => ({ operations, projection: projectionOf(operations) }));
const registry = fc.constant({ operations: all, projection: modelTools });

/** An operation, an input that it accepts, and its call as the model makes it. */
const someCall = fc
  .oneof(someGroup, registry)
  .chain(({ operations, projection }) =>
    fc.constantFrom(...operations.map((operation) => ({ operation, operations, projection }))),
  )
  .chain(({ operation, operations, projection }) =>
    inputOf(operation).map((input) => {
      const call = projection.callOf({ name: operation.name, input });
      const tool = projection.toolsFor(operations).find(({ name }) => name === call.name);
      if (tool === undefined) throw new Error(`${call.name} is no tool`);
      return { projection, operation, input, call, tool };
    }),
  );

describe('a call', () => {
  it('whose input the operation accepts passes through the tool that the model has, unchanged', () => {
    fc.assert(
      fc.property(someCall, ({ projection, operation, input, call, tool }) => {
        expect(ajv.validate(tool.input, call.input), ajv.errorsText()).toBe(true);
        expect(projection.operationOf(call)).toEqual({ operation, input });
        const checked = tool.check(call.input);
        expect(checked).toMatchObject({ success: true });
        const value = checked.success ? checked.value : null;
        expect(projection.operationOf({ name: tool.name, input: value })).toEqual({
          operation,
          input: operation.input.parse(input),
        });
      }),
      { numRuns: 150 },
    );
  });

  it('with a field that the operation does not take is refused, with that field and those that it takes named', () => {
    const field = fc.oneof(fc.constantFrom(...Object.keys(kinds), '__proto__', 'constructor'), fc.string());
    fc.assert(
      fc.property(someCall, field, fc.jsonValue(), ({ operation, call, tool }, surplus, value) => {
        const takes = Object.keys(z.toJSONSchema(operation.input, { io: 'input' }).properties ?? {});
        fc.pre(![...takes, 'action'].includes(surplus));
        const words = refusal(tool, { ...Object(call.input), [surplus]: value });
        expect(words).toContain(surplus.length <= 50 ? `\`${surplus.toWellFormed()}\`` : surplus.slice(0, 20));
        for (const one of takes) expect(words).toContain(one);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    [undefined],
    ['stop'],
    [null],
    [['pause']],
    [{ pause: true }],
    ['__proto__'],
    ['constructor'],
  ])('with the action %j is refused, with the actions that there are', (action) => {
    const tool = modelTools.toolsFor(all).find(({ name }) => name === 'change_torrents');
    const input = { action, torrents: 'all' };
    expect(tool === undefined ? '' : refusal(tool, input)).toBe(
      '`action` must be one of: pause, resume, limit, remove.',
    );
    expect(modelTools.operationOf({ name: 'change_torrents', input })).toBeNull();
  });

  it('of an operation that is an action means none by the operation’s own name', () => {
    expect(modelTools.operationOf({ name: 'pause_torrents', input: { torrents: 'all' } })).toBeNull();
    expect(modelTools.operationOf({ name: 'get_movie', input: { tmdbId: 1 } })?.operation).toBe(tools.get_movie);
  });

  it('that names many surplus fields, or long ones, is refused in few words', () => {
    const [tool] = modelTools.toolsFor(all);
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${index}`.repeat(100), 1]));
    expect(tool === undefined ? '' : refusal(tool, { query: 'dune', ...many }).length).toBeLessThan(300);
  });
});

function refusal(tool: ModelTool, input: unknown): string {
  const checked = tool.check(input);
  return checked.success ? 'accepted' : checked.error.message;
}
