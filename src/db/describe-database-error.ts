/** What may be logged of a driver's error: codes and names. Its message, query and parameters hold bound values. */
export function describeDatabaseError(error: unknown): Record<string, string> {
  const described: Record<string, string> = {};
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    described.type = current.name;
    for (const field of ['code', 'severity', 'constraint', 'table', 'column', 'routine', 'syscall', 'errno']) {
      const value: unknown = Reflect.get(current, field);
      if (typeof value === 'string' || typeof value === 'number') described[field] = String(value);
    }
  }
  return described;
}
