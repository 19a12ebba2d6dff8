import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

import { LIMITS } from "./limits.ts";

/** A line of a stream, with its number from 1. `text` is undefined where the line is beyond the limit. */
export interface Line {
  readonly number: number;
  readonly text: string | undefined;
}

/** The lines of a file, plain or gzip, read as a stream: nothing but one line is ever held. Rejects if the file cannot be read or unpacked. */
export async function* linesOfFile(file: string, gzip: boolean): AsyncGenerator<Line> {
  const stream = createReadStream(file, { highWaterMark: 1 << 20 });
  yield* linesOf(gzip ? stream.pipe(createGunzip()) : stream, (stop) => {
    stream.on("error", stop);
  });
}

/** The lines of a stream of bytes. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array> & { readonly destroy?: (error: Error) => unknown },
  onError?: (stop: (error: Error) => void) => void,
): AsyncGenerator<Line> {
  onError?.((error) => void chunks.destroy?.(error));
  let number = 1;
  let parts: Buffer[] = [];
  let size = 0;
  const take = (last: Buffer): Line => {
    const isTooLong = size + last.length > LIMITS.lineBytes;
    const bytes = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    parts = [];
    size = 0;
    return { number: number++, text: isTooLong ? undefined : bytes.toString("utf8") };
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      yield take(bytes.subarray(start, end));
      start = end + 1;
    }
    const rest = bytes.subarray(start);
    size += rest.length;
    if (size <= LIMITS.lineBytes) parts.push(rest);
    else parts = []; // too long already: only count
  }
  if (size > 0) yield take(Buffer.alloc(0));
}
