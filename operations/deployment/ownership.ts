// By what a snapshot of the host tells this stack's traces from those of others.
import type { Ownership } from '../host/compare-snapshots.ts';
import type { Site, Stack } from '../stack/stack.ts';

export function ownershipOf({ environment }: Site, { urls }: Stack): Ownership {
  return {
    project: environment.COMPOSE_PROJECT_NAME?.trim() || 'derivatives-alerts',
    ports: Object.values(urls).map((url) => Number(new URL(url).port)),
  };
}
