/**
 * In bytes: the most of one answer from a model's server, and of one event in it. A malformed event of 480 KB kept the SDK's checks
 * busy for half a second, so events must be smaller.
 */
const mostBodyBytes = 16 * 1024 * 1024;
const mostEventBytes = 256 * 1024;
/** The most of a failure's body. */
const mostErrorBytes = 64 * 1024;

const [newline, carriageReturn] = [10, 13];
/** Two line ends in a row, in every spelling that a line end may have. */
const emptyLines = ['\n\n', '\n\r', '\r\r'];

/**
 * `fetch` for a model's server. The body ends with an error after 16 MB, or after 256 KB without an empty line, because the parser
 * keeps an event in memory until it is complete. A failure's body simply ends after 64 KB.
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.body === null) return response;
  const { status, statusText, headers } = response;
  const body = response.body.pipeThrough(response.ok ? limited() : beginning(mostErrorBytes));
  return new Response(body, { status, statusText, headers });
};

function limited(): TransformStream<Uint8Array, Uint8Array> {
  let total = 0;
  let event = 0;
  let last = -1;
  return new TransformStream({
    transform(chunk, controller) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const end = Math.max(...emptyLines.map((ends) => bytes.lastIndexOf(ends)));
      const first = bytes[0] ?? -1;
      // An empty line may lie between two chunks, and so may the one line end "\r\n".
      const endsBefore = isLineEnd(last) && isLineEnd(first) && !(last === carriageReturn && first === newline);
      event = end >= 0 ? bytes.length - end : endsBefore ? bytes.length : event + bytes.length;
      total += bytes.length;
      last = bytes.at(-1) ?? last;
      if (total > mostBodyBytes || event > mostEventBytes)
        controller.error(new Error('the model’s server said more than an answer may have'));
      else controller.enqueue(chunk);
    },
  });
}

function isLineEnd(byte: number): boolean {
  return byte === newline || byte === carriageReturn;
}

function beginning(most: number): TransformStream<Uint8Array, Uint8Array> {
  let left = most;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) controller.terminate();
    },
  });
}
