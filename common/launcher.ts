// The other end of the leash that scripts/run.mjs holds.

/** Calls back once when the launcher has died without saying so. Does not keep this process alive; nothing without a launcher. */
export function onLauncherGone(callback: () => void): void {
  if (process.channel === undefined) return;
  process.once('disconnect', callback);
  process.channel?.unref();
}
