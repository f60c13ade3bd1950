import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Exchange } from '../../playground/exchanges.ts';
import { inner, isJson, type Json, readDocument } from './read-document.ts';

/** Where a document is known to be short of what the server does. */
type Gaps = {
  /** What the document's paths lack: its own base path. */
  prefix?: string;
  /** Statuses that are not documented and have the reply of the 200. */
  likeOk?: readonly number[];
  /** Statuses that are not documented, with replies of their own. */
  unlisted?: readonly number[];
  /** Paths whose bodies and replies have more fields than documented. */
  openPaths?: readonly string[];
  /** A field of refusals that is documented otherwise than it comes. */
  refusalField?: string;
};

type Operation = { method: string; template: string; pattern: RegExp; operation: Json; shared: Json };

/** One official API document, and whether an exchange is as it says. */
export class ApiDocument {
  readonly #name: string;
  readonly #gaps: Required<Gaps>;
  readonly #operations: Operation[];
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(file: string, { prefix = '', likeOk = [], unlisted = [], openPaths = [], refusalField = '' }: Gaps = {}) {
    const document = readDocument(file);
    this.#name = file;
    this.#gaps = { prefix, likeOk, unlisted, openPaths, refusalField };
    this.#ajv = new Ajv2020({
      strict: false,
      validateSchema: false,
      allErrors: true,
      logger: false,
      discriminator: false,
    });
    addFormats.default(this.#ajv);
    for (const [format, pattern] of Object.entries(formats)) this.#ajv.addFormat(format, pattern);
    this.#ajv.addSchema(document, 'document');
    this.#operations = operationsOf(document);
  }

  /** What of the exchange is not as the document says; an empty list when all is. */
  mismatches(exchange: Exchange): string[] {
    const { method, status } = exchange;
    const path = exchange.path.startsWith(this.#gaps.prefix) ? exchange.path.slice(this.#gaps.prefix.length) : null;
    const candidates = this.#operations.filter(({ pattern }) => path !== null && pattern.test(path));
    const found = candidates.find((operation) => operation.method === method.toLowerCase());
    if (found === undefined) {
      // That the server refuses what the document does not have is as it should be.
      return status === 404 || status === 405 ? [] : [`${this.#name}: ${method} ${exchange.path} is not documented`];
    }
    const isAccepted = status >= 200 && status < 300;
    const faults = [
      ...(isAccepted ? [...this.#query(found, exchange.query), ...this.#request(found, exchange.body)] : []),
      ...this.#reply(found, exchange),
    ];
    return faults.map((fault) => `${this.#name}: ${method} ${found.template} (${status}): ${fault}`);
  }

  #query({ operation, shared }: Operation, query: URLSearchParams): string[] {
    const parameters = [shared.parameters, operation.parameters]
      .flatMap((list) => (Array.isArray(list) ? list : []))
      .map((parameter) => this.#resolve(parameter))
      .filter((parameter) => parameter.in === 'query');
    const known = new Map(parameters.map((parameter) => [String(parameter.name).toLowerCase(), parameter]));
    const faults: string[] = [];
    for (const name of new Set(query.keys())) {
      const parameter = known.get(name.toLowerCase());
      if (parameter === undefined) faults.push(`the query has "${name}", which is not documented`);
      else if (!this.#fits(parameter.schema, query.getAll(name))) faults.push(`the query's ${name}=${query.get(name)}`);
    }
    for (const [name, parameter] of known) {
      if (parameter.required === true && ![...query.keys()].some((key) => key.toLowerCase() === name))
        faults.push(`the query lacks "${name}"`);
    }
    return faults;
  }

  /** A query's value is text: it fits when it does as text, number, truth value or list. */
  #fits(schema: unknown, values: readonly string[]): boolean {
    if (!isJson(schema)) return true;
    const readings = (text: string): unknown[] => [
      text,
      ...(text.trim() !== '' && Number.isFinite(Number(text)) ? [Number(text)] : []),
      ...(text === 'true' || text === 'false' ? [text === 'true'] : []),
    ];
    const items = values.flatMap((value) => value.split(','));
    const key = `query ${JSON.stringify(schema)}`;
    const validate = this.#validator(key, () => this.#ajv.compile(this.#rooted(schema)));
    const one = values.length === 1 ? readings(values[0] ?? '') : [];
    return [...one, items, items.map((item) => readings(item).at(-1))].some((reading) => validate(reading));
  }

  #request({ operation, template, method }: Operation, body: unknown): string[] {
    const declared = this.#resolve(operation.requestBody);
    const isEmpty = body === '' || body === null || body === undefined;
    if (isEmpty) return declared.required === true ? ['the body is missing'] : [];
    const content = inner(declared, 'content');
    const schema = inner(content, jsonType(content) ?? '', 'schema');
    if (Object.keys(schema).length === 0)
      return [`a body that is not documented: ${JSON.stringify(body).slice(0, 200)}`];
    return this.#check(`request ${method} ${template}`, schema, body)
      .filter((fault) => !this.#isOpen(template, fault))
      .map((fault) => `the body ${fault}`);
  }

  #reply({ operation, template, method }: Operation, { status, reply }: Exchange): string[] {
    const responses = inner(operation, 'responses');
    const asOk = this.#gaps.likeOk.includes(status) ? responses[200] : undefined;
    const response = responses[status] ?? asOk ?? responses[`${String(status)[0]}XX`] ?? responses.default;
    if (this.#gaps.unlisted.includes(status)) return [];
    // Few documents say how a refusal looks; that a call succeeds they all say.
    if (response === undefined) return status < 300 ? ['this status is not documented'] : [];
    const content = inner(this.#resolve(response), 'content');
    const type = jsonType(content);
    if (type === null) {
      const isEmpty = reply === undefined || reply === null || reply === '' || status >= 300;
      return isEmpty || Object.keys(content).length > 0 ? [] : ['a reply where none is documented'];
    }
    const schema = inner(content, type, 'schema');
    const told = status >= 400 && isJson(reply) ? { ...reply, [this.#gaps.refusalField]: undefined } : reply;
    return this.#check(`reply ${status} ${method} ${template}`, schema, told)
      .filter((fault) => !this.#isOpen(template, fault))
      .map((fault) => `the reply ${fault}`);
  }

  #isOpen(template: string, fault: string): boolean {
    return this.#gaps.openPaths.includes(template) && fault.includes('additional properties');
  }

  #check(key: string, schema: Json, value: unknown): string[] {
    const validate = this.#validator(key, () => this.#ajv.compile(this.#rooted(schema)));
    // As it goes over the wire: what is undefined is not sent.
    if (validate(value === undefined ? undefined : JSON.parse(JSON.stringify(value)))) return [];
    return tellingErrors(validate.errors ?? [])
      .slice(0, 8)
      .map(({ instancePath, message, params }) => {
        const what = params.additionalProperty ?? params.allowedValues ?? '';
        return `at ${instancePath || '/'} ${message}${what === '' ? '' : ` (${JSON.stringify(what)})`}`;
      });
  }

  #validator(key: string, compile: () => ValidateFunction): ValidateFunction {
    const there = this.#compiled.get(key);
    if (there !== undefined) return there;
    const made = compile();
    this.#compiled.set(key, made);
    return made;
  }

  /** A schema taken out of the document: its references start at the document again. */
  #rooted(schema: unknown): Json {
    if (!isJson(schema)) return {};
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/');
    return inner({ schema: JSON.parse(text) }, 'schema');
  }

  #resolve(value: unknown): Json {
    const reference = isJson(value) ? value.$ref : undefined;
    if (typeof reference !== 'string') return inner({ value }, 'value');
    const keys = reference
      .slice(2)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    return inner(this.#ajv.getSchema('document')?.schema ?? {}, ...keys);
  }
}

/** What ajv-formats lacks. Jellyfin writes UUIDs without dashes; Radarr's time spans are .NET's. */
const formats: Record<string, RegExp | true> = {
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
  snowflake: /^(0|[1-9][0-9]{0,19})$/,
  'date-span': /^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d+)?$/,
  nonce: true,
  text: true,
};

/**
 * Of a choice between shapes (a button, a select, …), the errors of the shapes that the value does not claim to be say nothing:
 * those whose `type` is another. What is left is told, the most deeply nested first.
 */
function tellingErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const schemaOf = (error: ErrorObject) => /\/schemas\/([^/]+)\//.exec(error.schemaPath)?.[1] ?? '';
  const others = new Set(
    errors
      .filter(({ instancePath, keyword }) => /\/type$/.test(instancePath) && /^(enum|const)$/.test(keyword))
      .map((error) => `${error.instancePath.replace(/\/type$/, '')} ${schemaOf(error)}`),
  );
  const isOfAnother = (error: ErrorObject) => {
    const steps = error.instancePath.split('/');
    return steps.some((_, taken) => others.has(`${steps.slice(0, taken + 1).join('/')} ${schemaOf(error)}`));
  };
  const own = errors.filter((error) => !isOfAnother(error));
  const told = own.filter(({ keyword }) => keyword !== 'oneOf' && keyword !== 'anyOf');
  const depth = ({ instancePath }: ErrorObject) => instancePath.split('/').length;
  return (told.length > 0 ? told : own.length > 0 ? own : [...errors]).toSorted(
    (one, other) => depth(other) - depth(one),
  );
}

function jsonType(content: Json): string | null {
  return Object.keys(content).find((type) => /^application\/json/.test(type)) ?? null;
}

function operationsOf(document: Json): Operation[] {
  return Object.entries(inner(document, 'paths'))
    .flatMap(([template, shared]) =>
      Object.entries(inner({ shared }, 'shared')).map(([method, operation]) => ({
        method,
        template,
        pattern: patternOf(template),
        operation: inner({ operation }, 'operation'),
        shared: inner({ shared }, 'shared'),
      })),
    )
    .sort((one, other) => one.template.split('{').length - other.template.split('{').length);
}

/** `/movie/{id}` as a pattern; ASP.NET's paths do not tell cases apart. */
function patternOf(template: string): RegExp {
  const source = template.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('[^/]+')}/?$`, 'i');
}
