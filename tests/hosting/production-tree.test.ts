import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlaygroundDiscord, startDiscord } from '../../playground/discord/start-discord.ts';
import { execForm, firstStage, imageStage, only } from './dockerfile.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
/** Debian's user without rights; only root can become it. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** Installs anew from the registry: .ci/run asks for it; tests/global-setup.ts prints why it is left out. */
describe.skipIf(process.env.TEST_PRODUCTION_TREE === undefined)('what the image holds', () => {
  let folder: string;
  let app: string;
  let discord: PlaygroundDiscord;

  /** Does what the Dockerfile's COPY and RUN say, in a folder instead of an image. */
  beforeAll(async () => {
    discord = await startDiscord({ rateLimits: false });
    discord.person('Ada', { owner: true });
    folder = await mkdtemp(join(tmpdir(), 'assistarr-image-'));
    app = join(folder, 'app');
    for (const name of ['app', 'data', 'home', 'tmp']) await mkdir(join(folder, name));
    for (const { name, text } of [...firstStage, ...imageStage]) {
      if (name === 'RUN' && text.includes('npm ci')) await run('sh', ['-c', text], { cwd: app });
      if (name !== 'COPY' || text.startsWith('--from')) continue;
      for (const file of text.split(' ').slice(0, -1)) await cp(join(root, file), join(app, file), { recursive: true });
    }
    // The image's files are root's; only the volume and /tmp can be written.
    await chmod(folder, 0o755);
    await run('chmod', ['-R', 'a-w,a+rX', app]);
    await run('chmod', ['777', join(folder, 'data'), join(folder, 'tmp')]);
  }, 300_000);
  afterAll(async () => {
    await discord.stop();
    await run('chmod', ['-R', 'u+w', app]);
    await rm(folder, { recursive: true, force: true });
  });

  it('has no Node of npm, nothing that only tests need, and is small', async () => {
    const packages = await readdir(join(app, 'node_modules'));
    for (const name of ['node', 'vitest', 'typescript', 'drizzle-kit', 'playwright-core'])
      expect(packages).not.toContain(name);
    const { stdout } = await run('du', ['-sm', app]);
    const megabytes = Number.parseInt(stdout, 10);
    console.log(`The image holds ${megabytes} MB beside node:24-bookworm-slim.`);
    // The base is about 230 MB, and the whole is to stay under 350.
    expect(megabytes).toBeLessThan(110);
  });

  it('starts by the exact CMD as a user without rights and without a home, is healthy, and stops at SIGTERM', async () => {
    const [command, ...args] = execForm(only('CMD'));
    expect(command).toBe('node');
    const container = {
      cwd: app,
      ...nobody,
      env: {
        PATH: dirname(process.execPath),
        HOME: join(folder, 'home'),
        TMPDIR: join(folder, 'tmp'),
        NODE_ENV: 'production',
        DATA_DIR: join(folder, 'data'),
        HTTP_PORT: String(await freePort()),
        DISCORD_TOKEN: discord.token,
        DISCORD_API_URL: discord.apiUrl,
      },
    };
    const [, ...check] = execForm(only('HEALTHCHECK').replace(/^.* CMD /, ''));
    const isHealthy = () => run(process.execPath, check, container);
    const child = spawn(process.execPath, args, container);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    await expect.poll(() => output, { timeout: 60_000 }).toContain('Assistarr is ready');
    await isHealthy();
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await expect(isHealthy()).rejects.toMatchObject({ code: 1 });
    // As docs/hosting.md moves data out of a container.
    const file = join(folder, 'data', 'assistarr.export');
    const { stdout } = await run(process.execPath, ['src/db/scripts/export.ts', file], container);
    expect(stdout).toContain(`Exported to ${file}`);
    expect(await readdir(join(folder, 'home'))).toEqual([]);
    expect(await readdir(join(folder, 'data'))).toContain('encryption.key');
  });
});
