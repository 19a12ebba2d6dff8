import { MAX_LINE_BYTES } from "./limits.ts";

/** Bytes as they come from a file or standard input. */
export type Chunks = AsyncIterable<Uint8Array>;

/** Why a stream was not read to its end, in words for a diagnostic. */
export class StreamFault extends Error {}

/** The same bytes, unpacked if they begin with gzip's magic number. */
export async function* unpacked(chunks: Chunks): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < 2) {
    const next = await iterator.next();
    if (next.done === true) break;
    head.push(next.value);
    length += next.value.length;
  }
  const rest = chain(head, iterator);
  const [first, second] = Buffer.concat(head);
  if (first !== 0x1f || second !== 0x8b) {
    for await (const chunk of rest) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    return;
  }
  // Loaded when they are needed: they cost 4 ms, and most inputs are plain.
  const [{ createGunzip }, { Readable }] = await Promise.all([
    import("node:zlib"),
    import("node:stream"),
  ]);
  const gunzip = createGunzip();
  const source = Readable.from(rest);
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    if (isZlibError(error)) throw new StreamFault(`its gzip data is damaged: ${error.message}`);
    throw error;
  } finally {
    source.destroy();
  }
}

async function* chain(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

/** The lines of a stream without their ends. A line beyond the limit ends it with a fault. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let open: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    let at = chunk.indexOf(10);
    while (at !== -1) {
      const part = chunk.subarray(from, at);
      yield size === 0 ? part : Buffer.concat([...open, part]);
      if (size > 0) [open, size] = [[], 0];
      from = at + 1;
      at = chunk.indexOf(10, from);
    }
    if (from === chunk.length) continue;
    open.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > MAX_LINE_BYTES) {
      throw new StreamFault(`a line is longer than ${MAX_LINE_BYTES >> 20} MB`);
    }
  }
  if (size > 0) yield Buffer.concat(open);
}
