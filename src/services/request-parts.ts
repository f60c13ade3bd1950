import { AddressNotAllowedError } from './address-guard.ts';

/** The address of a request below the base. Throws AddressNotAllowedError for credentials in it, or another scheme than http and https. */
export function addressOf(
  base: string,
  request: { path: string; query?: Record<string, string | number | boolean | undefined> },
): URL {
  const address = new URL(base + request.path);
  const isPlain = address.username === '' && address.password === '';
  if (!isPlain || !/^https?:$/.test(address.protocol)) throw new AddressNotAllowedError('address not allowed');
  const pairs = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeStrictly(name)}=${encodeStrictly(String(value))}`],
  );
  if (pairs.length > 0) address.search = pairs.join('&');
  return address;
}

/** Seerr refuses `+` for a space, and the characters that encodeURIComponent does not encode. */
function encodeStrictly(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  return encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The body as it is sent, with its content type: a string as a form, anything else as JSON. */
export function withBody(body: unknown): { headers: Record<string, string>; body?: string } {
  if (body === undefined) return { headers: {} };
  if (typeof body === 'string') return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
