// The life of an alert (`for`, `keep_firing_for`), which Prometheus keeps only while it runs live. Follows the engine's
// own rule manager; `promtool test rules` is the referee in the tests. Pure.
import type { Labels } from './query-answer.ts';
import type { Rule } from './rules.ts';

/** One alert from its first firing to its end. Times are milliseconds since 1970. */
export interface Episode {
  readonly alert: string;
  /** The labels of the series and of the rule, as Alertmanager would see them, without `alertname`. */
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly firedAt: number;
  /** When it resolved; `undefined` while it still fires at the end of the recording. */
  readonly endedAt: number | undefined;
  /** The value of the expression when it fired. */
  readonly value: number;
  /** The value farthest from zero, and when. */
  readonly peak: number;
  readonly peakAt: number;
}

interface Active {
  readonly labels: Labels;
  readonly activeAt: number;
  firedAt: number | undefined;
  /** Since when the condition no longer holds and only `keep_firing_for` keeps it alive. */
  heldSince: number | undefined;
  value: number;
  peak: number;
  peakAt: number;
}

/** One rule's alerts. */
export class AlertMachine {
  readonly #rule: Rule;
  readonly #active = new Map<string, Active>();
  readonly #episodes: Episode[] = [];

  constructor(rule: Rule) {
    this.#rule = rule;
  }

  /** Nothing pends or fires: an evaluation without a result would change nothing. */
  get isIdle(): boolean {
    return this.#active.size === 0;
  }

  /** One evaluation: the series for which the condition holds at `time`. Called in the order of time. */
  evaluate(time: number, results: readonly { readonly labels: Labels; readonly value: number }[]): void {
    const seen = new Set<string>();
    for (const { labels, value } of results) {
      const own = this.#labelsOf(labels);
      const key = JSON.stringify(Object.entries(own).sort());
      seen.add(key);
      this.#holds(key, own, time, value);
    }
    for (const [key, active] of this.#active) if (!seen.has(key)) this.#holdsNoMore(key, active, time);
  }

  /** Everything that has fired so far; what still fires has no end. */
  episodes(): readonly Episode[] {
    const open = [...this.#active.values()].flatMap((active) => this.#toEpisodes(active, undefined));
    return [...this.#episodes, ...open];
  }

  #holds(key: string, labels: Labels, time: number, value: number): void {
    const active = this.#active.get(key) ?? {
      labels,
      activeAt: time,
      firedAt: undefined,
      heldSince: undefined,
      value,
      peak: value,
      peakAt: time,
    };
    this.#active.set(key, active);
    active.heldSince = undefined;
    if (active.firedAt === undefined && time - active.activeAt >= this.#rule.forSeconds * 1_000) {
      active.firedAt = time;
      active.value = value;
      active.peak = value;
      active.peakAt = time;
    }
    if (Math.abs(value) > Math.abs(active.peak)) {
      active.peak = value;
      active.peakAt = time;
    }
  }

  #holdsNoMore(key: string, active: Active, time: number): void {
    if (active.firedAt !== undefined && this.#rule.keepFiringForSeconds > 0) {
      active.heldSince ??= time;
      if (time - active.heldSince < this.#rule.keepFiringForSeconds * 1_000) return;
    }
    this.#active.delete(key);
    this.#episodes.push(...this.#toEpisodes(active, time));
  }

  #toEpisodes({ labels, firedAt, value, peak, peakAt }: Active, endedAt: number | undefined): readonly Episode[] {
    if (firedAt === undefined) return [];
    const { name, annotations } = this.#rule;
    return [{ alert: name, labels, annotations, firedAt, endedAt, value, peak, peakAt }];
  }

  #labelsOf(series: Labels): Labels {
    const { __name__, ...labels } = series;
    return { ...labels, ...this.#rule.labels };
  }
}
