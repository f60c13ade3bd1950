import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSettings } from '../../src/settings.ts';
import { execForm, firstStage, imageStage, only, packageFile, rootFile } from './dockerfile.ts';

describe('the Dockerfile', () => {
  it('starts what npm start starts, without npm in between', () => {
    expect(execForm(only('CMD')).join(' ')).toBe(packageFile.scripts.start);
  });

  it('has the Node of package.json, its own dependencies only, and no root', () => {
    const [major] = packageFile.devDependencies.node.split('.');
    for (const { text } of [...firstStage, ...imageStage].filter(({ name }) => name === 'FROM'))
      expect(text).toMatch(new RegExp(`^node:${major}-bookworm-slim( AS \\w+)?$`));
    expect(firstStage.find(({ name, text }) => name === 'RUN' && text.includes('npm ci'))?.text).toContain(
      '--omit=dev',
    );
    expect(imageStage.filter(({ text }) => text.includes('npm '))).toEqual([]);
    const isBefore = (first: string, second: string) =>
      imageStage.findIndex(({ name }) => name === first) < imageStage.findIndex(({ name }) => name === second);
    expect(only('USER')).toBe('node');
    expect(isBefore('USER', 'CMD')).toBe(true);
  });

  it('copies what is there and what .dockerignore lets through, and nothing else gets through', () => {
    const allowed = rootFile('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...firstStage, ...imageStage]
      .filter(({ name, text }) => name === 'COPY' && !text.startsWith('--from'))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    expect(new Set(copied)).toEqual(new Set(allowed));
    for (const name of copied) expect(existsSync(new URL(`../../${name}`, import.meta.url)), name).toBe(true);
    expect(rootFile('.dockerignore').split('\n')).toContain('*');
  });

  it.each([
    { status: 200, code: 0 },
    { status: 503, code: 1 },
    { status: null, code: 1 },
  ])('its health check ends with $code when /healthz answers $status', async ({ status, code }) => {
    const [command, ...args] = execForm(only('HEALTHCHECK').replace(/^.* CMD /, ''));
    expect(command).toBe('node');
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status ?? 500).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = z.object({ port: z.number() }).parse(server.address());
    const close = async () => {
      if (server.listening) await once(server.close(), 'close');
    };
    if (status === null) await close();
    const child = spawn(process.execPath, args, { env: { HTTP_PORT: String(address.port) }, stdio: 'ignore' });
    const [ended] = await once(child, 'exit');
    await close();
    expect(ended).toBe(code);
    expect(asked).toEqual(status === null ? [] : ['/healthz']);
  });
});

const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(
    z.string(),
    // Strict: no port is published, nothing is privileged.
    z.strictObject({
      profiles: z.array(z.string()).optional(),
      build: z.string().optional(),
      image: z.string(),
      env_file: z.string().optional(),
      environment: z.record(z.string(), z.union([z.string(), z.number()])),
      volumes: z.array(z.string().regex(/^\w+:\/[\w/]+$/)),
      depends_on: z
        .record(z.string(), z.object({ condition: z.literal('service_healthy'), required: z.literal(false) }))
        .optional(),
      restart: z.literal('unless-stopped'),
      init: z.boolean().optional(),
      tmpfs: z.array(z.string()).optional(),
      security_opt: z.array(z.string()).optional(),
      cap_drop: z.array(z.string()).optional(),
      read_only: z.boolean().optional(),
      stop_grace_period: z.string().regex(/^\d+s$/),
      healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});

it('the unit for systemd starts what npm start starts, and gives it the time to stop', () => {
  const page = rootFile('docs/hosting.md');
  expect(page).toContain(`ExecStart=/opt/assistarr/node_modules/.bin/${packageFile.scripts.start}\n`);
  const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(page)?.[1]);
  expect(seconds * 1000).toBeGreaterThan(readSettings({}).limits.stopMs + 5000);
});

describe('compose.yaml', () => {
  const compose = composeSchema.parse(parse(rootFile('compose.yaml')));
  const services = Object.entries(compose.services);
  const always = services.filter(([, { profiles }]) => profiles === undefined);

  it('is one container with one volume, and PostgreSQL only when asked for', () => {
    expect(always.map(([name]) => name)).toEqual(['assistarr']);
    expect(compose.services.assistarr?.volumes).toHaveLength(1);
    expect(compose.services.postgres?.profiles).toEqual(['postgres']);
    expect(Object.keys(compose.services.assistarr?.depends_on ?? {})).toEqual(['postgres']);
    // PostgreSQL must tell its health, or nothing waits for it.
    expect(compose.services.postgres?.healthcheck?.test[0]).toBe('CMD');
  });

  it('names no volume that is not there, and keeps the one in which the image has its data', () => {
    const used = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0]));
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
    const folder = compose.services.assistarr?.volumes[0]?.split(':')[1];
    expect(folder).toBe(only('VOLUME'));
    expect(compose.services.assistarr?.environment.DATA_DIR).toBe(folder);
    expect(only('ENV')).toContain(`DATA_DIR=${folder}`);
    expect(only('ENV')).toContain(`HTTP_PORT=${compose.services.assistarr?.environment.HTTP_PORT}`);
  });

  it('gives a stop more time than the bot takes', () => {
    const grace = Number.parseInt(compose.services.assistarr?.stop_grace_period ?? '', 10) * 1000;
    expect(grace).toBeGreaterThan(readSettings({}).limits.stopMs + 5000);
  });

  it('gives the bot no rights that it does not need', () => {
    expect(compose.services.assistarr?.cap_drop).toEqual(['ALL']);
    expect(compose.services.assistarr?.read_only).toBe(true);
  });
});
