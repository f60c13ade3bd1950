import { InOrder } from '../../in-order.ts';

/** Presses on one card or message, in order: a press must not overtake the choice that was made before it. */
export const presses = new InOrder();
