// Loaded into a service before it starts (NODE_OPTIONS=--import): on SIGWINCH it takes memory as a leak would, on the next
// it lets go of it again.
const TAKEN_BYTES = 270 * 1024 * 1024;

let ballast: Buffer | undefined;

process.on('SIGWINCH', () => {
  // Filled, because pages that nobody writes to are not there.
  ballast = ballast === undefined ? Buffer.alloc(TAKEN_BYTES, 1) : undefined;
});
