// Metrics of what people do (commands, votes, acknowledgements), and of the price after the alerts that they got.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { REFUSE_REASONS, type RefuseReason } from '../commands/update-handler.ts';
import { VOTES, type Vote } from '../reactions/store.ts';
import { HORIZONS, type Horizon, SCORED_KINDS, type ScoredKind } from '../scorecard/horizons.ts';

export interface ChatOperationsMetrics {
  commanded(): void;
  refused(reason: RefuseReason): void;
  conflicted(): void;
  voted(vote: Vote): void;
  seen(): void;
  escalated(): void;
  moved(kind: ScoredKind, horizon: Horizon, ratio: number): void;
}

export interface ChatOperationsCounts {
  readonly subscribers: () => Promise<number>;
  readonly silences: () => Promise<number>;
}

const MOVE_BUCKETS = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05];

/** Every series that is known beforehand exists at 0. */
export function createChatOperationsMetrics(registry: Registry, counts: ChatOperationsCounts): ChatOperationsMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name: `alertbridge_${name}`, help, registers });
  const commands = counter('commands_total', 'Commands and pressed buttons that were followed.');
  const refused = new Counter({
    name: 'alertbridge_commands_refused_total',
    help: 'Commands and pressed buttons of people who may not, by reason.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of REFUSE_REASONS) refused.inc({ reason }, 0);
  const conflict = new Gauge({
    name: 'alertbridge_commands_conflict',
    help: '1 after another program was found polling Telegram with the same token: commands and buttons are off.',
    registers,
  });
  const feedback = new Counter({
    name: 'alertbridge_feedback_total',
    help: 'Votes on alerts, by verdict; a changed vote counts as another one.',
    labelNames: ['verdict'],
    registers,
  });
  for (const vote of VOTES) feedback.inc({ verdict: vote }, 0);
  const seen = counter('acknowledgements_total', 'Alerts that somebody said to have seen.');
  const escalations = counter('escalations_total', 'High-priority alerts told once more because nobody had seen them.');
  const moves = new Histogram({
    name: 'alertbridge_price_move_ratio',
    help: 'Size of the change of the mark price after a market alert, either direction, by kind and horizon.',
    labelNames: ['kind', 'horizon'],
    buckets: MOVE_BUCKETS,
    registers,
  });
  for (const kind of SCORED_KINDS) for (const horizon of HORIZONS) moves.zero({ kind, horizon: `${horizon}m` });
  gauge('subscribers', 'Chats that are configured or subscribed.', counts.subscribers);
  gauge('silences', 'Silences made through the bridge that have not ended.', counts.silences);

  function gauge(name: string, help: string, read: () => Promise<number>): void {
    new Gauge({
      name: `alertbridge_${name}`,
      help,
      registers,
      async collect() {
        // A database that does not answer makes it absent, and takes no other metric with it.
        const present = await read().catch(() => undefined);
        if (present === undefined) this.remove();
        else this.set(present);
      },
    });
  }

  return {
    commanded: () => commands.inc(),
    refused: (reason) => refused.inc({ reason }),
    conflicted: () => conflict.set(1),
    voted: (vote) => feedback.inc({ verdict: vote }),
    seen: () => seen.inc(),
    escalated: () => escalations.inc(),
    moved: (kind, horizon, ratio) => moves.observe({ kind, horizon: `${horizon}m` }, Math.abs(ratio)),
  };
}
