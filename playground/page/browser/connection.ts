import type { Told } from '../protocol.ts';
import type { PageRequest } from '../requests.ts';

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

let socket: WebSocket | null = null;
let last = 0;
const waiting = new Map<number, Waiting>();

/** Connects to the playground, again and again. `told` gets what it says, `changed` whether it is there. */
export function connect(told: (told: Told) => void, changed: (isConnected: boolean) => void): void {
  const made = new WebSocket(`ws://${location.host}/live`);
  made.onopen = () => {
    socket = made;
    changed(true);
  };
  made.onmessage = ({ data }) => {
    const said: Told = JSON.parse(String(data));
    if (said.kind === 'answer') settle(said.to, (one) => one.resolve(said.value));
    else if (said.kind === 'refused') settle(said.to, (one) => one.reject(new Error(said.reason)));
    else told(said);
  };
  made.onclose = () => {
    socket = null;
    for (const number of [...waiting.keys()])
      settle(number, (one) => one.reject(new Error('the playground is not running any more')));
    changed(false);
    setTimeout(() => connect(told, changed), 1000);
  };
}

/** Asks the playground to do something. Throws why it cannot. */
export function ask(request: PageRequest): Promise<unknown> {
  const number = ++last;
  return new Promise((resolve, reject) => {
    if (socket === null) {
      reject(new Error('the playground is not running'));
      return;
    }
    waiting.set(number, { resolve, reject });
    socket.send(JSON.stringify({ number, request }));
  });
}

function settle(number: number, how: (one: Waiting) => void): void {
  const one = waiting.get(number);
  waiting.delete(number);
  if (one !== undefined) how(one);
}
