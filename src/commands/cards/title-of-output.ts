import { z } from 'zod';
import type { CardTitle } from '../../tools/preview.ts';

/** What the tools that act tell of a title. Rows may be of another version or cut short, so nothing is certain. */
const namedSchema = z.object({ title: z.string(), year: z.number().nullable().catch(null) });

/** The title that an output names, where the server was not asked again. */
export function titleOfOutput(output: unknown): CardTitle | null {
  const named = namedSchema.safeParse(output);
  return named.success ? { ...named.data, posterUrl: null } : null;
}
