const running = new Map<string, Promise<unknown>>();

/** Runs what belongs to one key one after the other: a press must not overtake the choice that was made before it. */
export async function inOrder(key: string, work: () => Promise<void>): Promise<void> {
  const before = running.get(key);
  const mine = (async () => {
    // How the one before ended is told to its own person; here only its end matters.
    await Promise.allSettled([before]);
    await work();
  })();
  running.set(key, mine);
  try {
    await mine;
  } finally {
    if (running.get(key) === mine) running.delete(key);
  }
}
