import { type DestinationStream, type Logger, pino } from 'pino';
import { describeDatabaseError } from '../db/describe-database-error.ts';
import { ChatSDKError } from '../errors.ts';

/** Secret values that must never reach the log, in whatever line. Limited in number: the oldest are forgotten. */
export class SecretValues {
  readonly #values = new Set<string>();
  readonly #passing = new Set<string>();
  readonly #limit = 5000;
  readonly #passingLimit = 500;

  /** Remembers a value, also in its JSON spelling. Shorter values are left out, because they occur in ordinary words. */
  add(value: string | undefined): void {
    addTo(this.#values, value, this.#limit);
  }

  /** Remembers a value that is valid for minutes only, such as an interaction's token. These are counted separately. */
  addPassing(value: string | undefined): void {
    addTo(this.#passing, value, this.#passingLimit);
  }

  /** The text with every known secret replaced. */
  scrub(text: string): string {
    let clean = text;
    for (const values of [this.#values, this.#passing])
      for (const value of values) if (clean.includes(value)) clean = clean.replaceAll(value, '[secret]');
    return clean;
  }
}

function addTo(values: Set<string>, value: string | undefined, limit: number): void {
  if (value === undefined || value.length < 6) return;
  values.add(value);
  values.add(JSON.stringify(value).slice(1, -1));
  for (const oldest of values) {
    if (values.size <= limit) return;
    values.delete(oldest);
  }
}

/** A JSON log on standard error. Errors are written without bound values, request bodies and other carriers of secrets. */
export function createLog({
  level,
  secrets,
  destination,
}: {
  level: string;
  secrets: SecretValues;
  destination?: DestinationStream;
}): Logger {
  return pino(
    {
      level,
      base: undefined,
      serializers: { err: describeForLog },
      hooks: { streamWrite: (line) => secrets.scrub(line) },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

/** Only what is known to be safe of an error and its causes: kind, message, code and where it was thrown. */
export function describeForLog(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const cause = error.cause === undefined || depth > 4 ? undefined : describeCause(error, depth + 1);
  return {
    type: error.name,
    message: error.message,
    code: 'code' in error ? String(error.code) : undefined,
    status: 'statusCode' in error ? error.statusCode : 'status' in error ? error.status : undefined,
    at: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 6)
      .map((line) => line.trim()),
    cause,
  };
}

/** A database error's message and properties hold bound values: the data layer says what is safe of it. */
function describeCause(error: Error, depth: number): unknown {
  return error instanceof ChatSDKError && error.code.endsWith(':database')
    ? describeDatabaseError(error.cause)
    : describeForLog(error.cause, depth);
}
