/** Stops the program where a condition that the code itself guarantees does not hold. Not for bad input: that is a diagnostic. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`ringfence fault: ${message}`);
}

/** For the branch of a switch that no value of the union reaches; the compiler proves it. */
export function unreachable(value: never): never {
  throw new Error(`ringfence fault: unexpected value ${JSON.stringify(value)}`);
}
