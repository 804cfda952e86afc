// `.env` without its secrets: a roll-back point must not hold a token, and a roll-back must not forget one. Pure.

const SECRET = /(TOKEN|PASSWORD|SECRET|DATABASE_URL)(_PREVIOUS)?$/;
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/;

/** The text with every line that gives a secret's value taken out. */
export function withoutSecrets(text: string): string {
  return text
    .split('\n')
    .filter((line) => !isSecretLine(line))
    .join('\n');
}

/** The kept text with the secrets that stand in the present one. */
export function withSecretsOf(kept: string, present: string): string {
  const secrets = present.split('\n').filter(isSecretLine);
  if (secrets.length === 0) return kept;
  return `${kept.replace(/\n*$/, '\n')}${secrets.join('\n')}\n`;
}

/** Names of the secrets in an environment or an env file that have a value. */
export function secretNames(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment)
    .filter(([name, value]) => SECRET.test(name) && Boolean(value?.trim()))
    .map(([name]) => name)
    .toSorted();
}

function isSecretLine(line: string): boolean {
  return SECRET.test(ASSIGNMENT.exec(line)?.[1] ?? '');
}
