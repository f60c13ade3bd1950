/** What an error is asked for, and by which other name one of the two drivers has it. */
const fields: readonly [string, ...string[]][] = [
  ['code'],
  ['severity'],
  ['constraint', 'constraint_name'],
  ['table', 'table_name'],
  ['column', 'column_name'],
  ['routine'],
  ['syscall'],
  ['errno'],
];

/** What may be logged of a driver's error: codes and names. Its message, query and parameters hold bound values. */
export function describeDatabaseError(error: unknown): Record<string, string> {
  const described: Record<string, string> = {};
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    described.type = current.name;
    for (const [field, ...other] of fields)
      for (const name of [field, ...other]) {
        const value: unknown = Reflect.get(current, name);
        if (typeof value === 'string' || typeof value === 'number') described[field] = String(value);
      }
  }
  return described;
}
