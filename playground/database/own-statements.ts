const parse = 0x50;
const bind = 0x42;
const describe = 0x44;
const close = 0x43;
const statement = 0x53;

/**
 * The same messages of the PostgreSQL protocol with `prefix` before the name of every prepared statement, so that clients that share
 * one session may use the same names. `made` gets the names as they are in the session.
 */
export function withOwnStatements(messages: Buffer, { prefix, made }: { prefix: string; made: Set<string> }): Buffer {
  const renamed: Buffer[] = [];
  for (let at = 0; at < messages.length; ) {
    const end = at + 1 + messages.readInt32BE(at + 1);
    renamed.push(renamedIn(messages.subarray(at, end), { prefix, made }));
    at = end;
  }
  return Buffer.concat(renamed);
}

function renamedIn(message: Buffer, { prefix, made }: { prefix: string; made: Set<string> }): Buffer {
  const start = startOfName(message);
  // The statement without a name lives from its Parse to the end of its turn.
  if (start === null || message[start] === 0) return message;
  const name = prefix + message.toString('utf8', start, message.indexOf(0, start));
  if (message[0] === parse) made.add(name);
  const changed = Buffer.concat([message.subarray(0, start), Buffer.from(prefix), message.subarray(start)]);
  changed.writeInt32BE(changed.length - 1, 1);
  return changed;
}

/** Where a message names a prepared statement: behind type and length, and in a Bind behind the name of its portal. */
function startOfName(message: Buffer): number | null {
  const body = 5;
  switch (message[0]) {
    case parse:
      return body;
    case bind:
      return message.indexOf(0, body) + 1;
    case describe:
    case close:
      return message[body] === statement ? body + 1 : null;
    default:
      return null;
  }
}
