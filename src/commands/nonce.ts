/**
 * The nonce of the message that says `what` about a question or call: the same in every process. A repeated create with it posts
 * once. Discord takes 25 characters at most.
 */
export function nonceOf(id: string, what: string | number): string {
  return `${id.replaceAll('-', '').slice(0, 21)}-${what}`;
}
