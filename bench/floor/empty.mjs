// The floor of every run: Node starts and stops.
process.exitCode = 0;
