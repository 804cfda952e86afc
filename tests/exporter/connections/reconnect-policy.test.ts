import t from 'tap';
import { ReconnectPolicy } from '../../../exporter/connections/reconnect-policy.ts';

const exact = () => 0;

t.test('waits 1, 2, 4, 8, 16 and again 16 s', async (t) => {
  const policy = new ReconnectPolicy(exact);
  const delays = [1, 2, 3, 4, 5, 6].map(() => policy.recordFailure(0));
  t.same(delays, [1_000, 2_000, 4_000, 8_000, 16_000, 16_000]);
});

t.test('takes at most a fifth off each wait', async (t) => {
  const policy = new ReconnectPolicy(() => 1);
  t.equal(policy.recordFailure(0), 800);
});

t.test('waits at least as long as the venue asks', async (t) => {
  t.equal(new ReconnectPolicy(exact).recordFailure(0, 45_000), 45_000);
});

t.test('begins at one second again after half a minute of data', async (t) => {
  const policy = new ReconnectPolicy(exact);
  for (let failure = 0; failure < 4; failure += 1) policy.recordFailure(0);
  policy.recordData(29_999);
  t.equal(policy.recordFailure(200_000), 16_000);
  policy.recordData(30_000);
  t.equal(policy.recordFailure(400_000), 1_000);
});

t.test('opens the circuit at the eleventh failure within two minutes and tries every 15 s', async (t) => {
  const policy = new ReconnectPolicy(exact);
  for (let failure = 0; failure < 10; failure += 1) policy.recordFailure(failure * 10_000);
  t.equal(policy.circuit, 'closed');
  t.equal(policy.recordFailure(100_000), 15_000);
  t.equal(policy.circuit, 'open');
  t.equal(policy.recordFailure(115_000), 15_000);
});

t.test('stays closed when the same failures are further apart', async (t) => {
  const policy = new ReconnectPolicy(exact);
  for (let failure = 0; failure < 50; failure += 1) policy.recordFailure(failure * 12_001);
  t.equal(policy.circuit, 'closed');
});

t.test('closes the circuit after a minute of data and forgets the storm', async (t) => {
  const policy = new ReconnectPolicy(exact);
  for (let failure = 0; failure < 11; failure += 1) policy.recordFailure(failure);
  policy.recordData(59_999);
  t.equal(policy.circuit, 'open');
  policy.recordData(60_000);
  t.equal(policy.circuit, 'closed');
  t.equal(policy.recordFailure(60_100), 1_000);
  t.equal(policy.circuit, 'closed');
});
