/** PostgreSQL's own port, where an address names none. */
const usualPort = 5432;

/**
 * The hosts and ports that an address of PostgreSQL names, as its drivers read it: several separated by commas, and those of its query. A
 * local socket stands for the machine itself.
 */
export function postgresHosts(url: string): { host: string; port: number }[] {
  const [, authority = '', rest = ''] = /^postgres(?:ql)?:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  const query = new URLSearchParams(rest.split('?')[1]?.split('#')[0] ?? '');
  const listed = (name: string) => query.get(name)?.split(',') ?? [];
  const ports = listed('port').map(Number).filter(isPort);
  const named = [
    ...authority.slice(authority.lastIndexOf('@') + 1).split(','),
    ...listed('host'),
    ...listed('hostaddr'),
  ].filter((text) => text !== '');
  return (named.length === 0 ? ['localhost'] : named).flatMap((text) => {
    const [, host = text, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
    const own = [Number(port)].filter(isPort);
    const at = own.length > 0 ? own : ports.length > 0 ? ports : [usualPort];
    return at.map((one) => ({ host: hostOf(host), port: one }));
  });
}

function hostOf(written: string): string {
  const host = decoded(written).replace(/^\[|\]$/g, '');
  return host === '' || /^[/@]/.test(host) ? 'localhost' : host;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: taken as it stands.
    return text;
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}
