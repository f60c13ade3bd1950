import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { watchModel } from '../../playground/page/model-watch.ts';

/** A model server that does as told, behind the watch. */
async function watching(handle: RequestListener) {
  const upstream = createServer(handle);
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const address = upstream.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const watch = await watchModel(`http://127.0.0.1:${port}/v1`, () => undefined);
  return {
    watch,
    ask: () => fetch(`${watch.url}/chat/completions`, { method: 'POST', body: '{"model":"any","messages":[]}' }),
    async [Symbol.asyncDispose]() {
      await watch.stop();
      upstream.closeAllConnections();
      upstream.close();
    },
  };
}

describe('what stands between the bot and its model', () => {
  it('breaks off what breaks off in the middle, and tells that the question is over', async () => {
    await using model = await watching((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"delta":{"content":"half of"}}]}\n\n');
      setTimeout(() => response.destroy(), 50);
    });
    const answer = await model.ask();
    await expect(answer.text()).rejects.toThrow();
    await expect.poll(() => model.watch.requests[0]).toMatchObject({ status: null, text: 'half of' });
    expect(model.watch.requests[0]?.ms).toEqual(expect.any(Number));
  });

  it('says that the model is not there', async () => {
    await using model = await watching((request) => request.socket.destroy());
    const answer = await model.ask();
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('could not be reached');
    await expect.poll(() => model.watch.requests[0]?.ms).toEqual(expect.any(Number));
  });
});
