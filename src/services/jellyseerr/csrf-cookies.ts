import { ServiceError } from '../../errors.ts';
import type { Http, HttpRequest } from '../http.ts';

const tokenCookie = 'XSRF-TOKEN';
const names = new Set(['_csrf', tokenCookie]);

/**
 * With "Enable CSRF Protection" Seerr takes a change only with the two cookies that any GET gives (`_csrf` and `XSRF-TOKEN`, csurf in
 * server/index.ts) and the token once more as a header. They live as long as one client, so they are one person's.
 */
export class CsrfCookies {
  readonly #http: Http;
  readonly #cookies = new Map<string, string>();

  constructor(http: Http) {
    this.#http = http;
  }

  /** Sends a request. If it is refused because the cookies are missing, it has changed nothing and is sent once more with them. */
  async during<Reply>(request: HttpRequest, send: (request: HttpRequest) => Promise<Reply>): Promise<Reply> {
    try {
      return await send(this.#withCookies(request));
    } catch (error) {
      const isMissing = error instanceof ServiceError && error.status === 403 && /csrf/i.test(error.detail ?? '');
      if (!isMissing || !isChange(request) || !(await this.#fetch(request.signal))) throw error;
      return await send(this.#withCookies(request));
    }
  }

  #withCookies(request: HttpRequest): HttpRequest {
    const token = this.#cookies.get(tokenCookie);
    if (token === undefined || !isChange(request)) return request;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { ...request, headers: { ...request.headers, cookie, 'x-xsrf-token': token } };
  }

  /** False when the server gives no cookies: then the refusal is final. */
  async #fetch(signal: AbortSignal | undefined): Promise<boolean> {
    this.#cookies.clear();
    const given = await this.#http.text({ path: '/api/v1/status', signal }).catch((error: unknown) => {
      if (error instanceof ServiceError) return null;
      throw error;
    });
    for (const line of [given?.headers['set-cookie'] ?? []].flat()) {
      // Both are made of these characters; others have no place in a header.
      const [, name = '', value = ''] = /^([\w-]+)=([\w.~%+/=-]{1,500})(?:;|$)/.exec(line) ?? [];
      if (names.has(name)) this.#cookies.set(name, value);
    }
    return this.#cookies.size === names.size;
  }
}

function isChange({ method = 'GET' }: HttpRequest): boolean {
  return method !== 'GET';
}
