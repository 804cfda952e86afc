// What the compose test asks the running stack and its simulators over loopback.
import { queryValues } from '../grafana/panel-data.ts';

interface ChatMessage {
  readonly chatId: string;
  readonly text: string;
}

export interface StackClient {
  get(port: number, path: string): Promise<Response>;
  isOk(port: number, path: string): Promise<boolean>;
  /** Values of an instant query. @throws Error when Prometheus refuses it */
  query(expr: string): Promise<readonly number[]>;
  messages(): Promise<readonly ChatMessage[]>;
  cascade(symbol: string, longs: number, shorts: number, usd: number): Promise<void>;
}

export function createStackClient(ports: { readonly prometheus: number; readonly simulators: number }): StackClient {
  const get = (port: number, path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
  return {
    get,
    isOk: async (port, path) => (await get(port, path).catch(() => undefined))?.ok ?? false,
    async query(expr) {
      return queryValues(`http://127.0.0.1:${ports.prometheus}`, expr);
    },
    messages: async () => (await (await get(ports.simulators, '/messages')).json()) as readonly ChatMessage[],
    async cascade(symbol, longs, shorts, usd) {
      await get(ports.simulators, `/cascade?symbol=${symbol}&longs=${longs}&shorts=${shorts}&usd=${usd}`);
    },
  };
}
