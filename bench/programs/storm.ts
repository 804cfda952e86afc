// 10,000 alerts at once: until each is on disk and accepted, and nothing waits any more; and what the bridge weighs at most.
import { report, runMeasurement } from '../program.ts';
import { startBridgeUnderTest } from '../rig/bridge.ts';
import { sendStorm } from '../rig/storm.ts';

await runMeasurement(async () => {
  const bridge = await startBridgeUnderTest();
  try {
    const { acceptedSeconds, seconds, peakMb } = await sendStorm(bridge);
    const note = `accepted in ${acceptedSeconds.toFixed(1)} s, then ${bridge.telegram.messages.length} messages at Telegram’s pace of one a second`;
    report('storm_10000_alerts_seconds', seconds, note);
    report('storm_bridge_pss_mb', peakMb, 'at its largest');
  } finally {
    await bridge.stop();
  }
});
