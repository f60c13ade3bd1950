import type { Title } from '../../services/titles.ts';

/** A title with the id by which its server knows it. */
export type FoundTitle = { id: number; title: Title };

/** For a search whose answer a person's typing may have brought already. */
export type SearchExtras = { found: () => Promise<readonly FoundTitle[]> };
