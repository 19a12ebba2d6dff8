import { intersect } from "../../base/index.ts";
import { type Rectangle, type Sides, trafficOf } from "../../policy/index.ts";
import type { Answer } from "./connection-state.ts";

/** A row: numbers of lists and of answers in turns. Equal rows have equal numbers, 0 is the empty one. */
export type Row = readonly number[];

/** The rows of two states: lists, answers and rows by number. */
export interface RowStore {
  /** The number of each source's row. */
  readonly rows: (rectangles: Iterable<Rectangle>, state: StatePeers) => readonly number[];
  readonly row: (number: number) => Row;
  readonly list: (number: number) => readonly number[];
  readonly answer: (number: number) => Answer;
  readonly tokens: () => number;
}

/** The joined peers as one state has them. */
export interface StatePeers {
  /** For each of the state's own peers. */
  readonly joined: readonly (readonly number[])[];
  /** For each joined peer the families that it has there: 1 IPv4, 2 IPv6, 3 both. */
  readonly families: readonly number[];
}

/** An empty store. */
export function createRowStore(): RowStore {
  const lists = createNumbers<readonly number[]>((list) => list.join());
  const answers = createNumbers<Answer>(textOfAnswer);
  const known = createNumbers<Row>((row) => row.join());
  known.of([]);
  let tokens = 0;
  return {
    rows: (rectangles, state) => {
      const cells: number[][] = state.families.map(() => []);
      for (const rectangle of rectangles) {
        for (const { from, to, answer } of translate(rectangle, state)) {
          const list = lists.of(to);
          const said = answers.of(answer);
          for (const source of from) cells[source]!.push(list, said);
          tokens += from.length;
        }
      }
      return cells.map((cell) => known.of(sortPairs(cell)));
    },
    row: known.at,
    list: lists.at,
    answer: answers.at,
    tokens: () => tokens,
  };
}

interface Translated extends Sides {
  readonly answer: Answer;
}

/** A rectangle in joined peers. Where a range outside was cut by family, so is what is said of it. */
function translate(
  rectangle: Rectangle, // not taken apart: its reasons are looked up when they are read
  { joined, families }: StatePeers,
): readonly Translated[] {
  const sources = byFamilies(mapPeers(rectangle.from, joined), families);
  const targets = byFamilies(mapPeers(rectangle.to, joined), families);
  return sources.flatMap(([a, mine]) =>
    targets.flatMap(([b, theirs]): Translated[] => {
      const answer = narrow(rectangle, a & b);
      return answer === undefined ? [] : [{ from: mine, to: theirs, answer }];
    }),
  );
}

function narrow(
  { verdict, traffic, family, conditions }: Omit<Rectangle, "from" | "to">,
  ends: number,
): Answer | undefined {
  if (ends === 3) return { verdict, traffic, family, conditions, families: ends };
  const only = ends === 1 ? 4 : 6;
  if (ends === 0 || (family ?? only) !== only) return undefined;
  const left = intersect(traffic, trafficOf(only));
  if (left.length === 0) return undefined;
  return { verdict, traffic: left, family: undefined, conditions, families: ends };
}

function mapPeers(
  list: readonly number[],
  joined: readonly (readonly number[])[],
): readonly number[] {
  const out: number[] = [];
  for (const peer of list) for (const each of joined[peer]!) out.push(each);
  return out.toSorted((a, b) => a - b);
}

/** Peers by the families that they have. */
function byFamilies(
  list: readonly number[],
  families: readonly number[],
): readonly (readonly [number, readonly number[]])[] {
  const [first] = list;
  if (first === undefined) return [];
  if (list.every((peer) => families[peer] === families[first])) return [[families[first]!, list]];
  return [...Map.groupBy(list, (peer) => families[peer]!)];
}

function textOfAnswer({ verdict, traffic, family, families, conditions }: Answer): string {
  const under = conditions.length === 0 ? "" : JSON.stringify(conditions.map(({ text }) => text));
  return `${verdict}|${family}|${families}|${traffic.join()}|${under}`;
}

function sortPairs(flat: readonly number[]): Row {
  if (flat.length <= 2) return flat;
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i]!, flat[i + 1]!]);
  return pairs.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]).flat();
}

/** Small numbers for values, equal for equal texts. */
interface Numbers<T> {
  readonly of: (value: T) => number;
  readonly at: (number: number) => T;
}

function createNumbers<T>(text: (value: T) => string): Numbers<T> {
  const values: T[] = [];
  const byText = new Map<string, number>();
  return {
    of: (value) => {
      const key = text(value);
      let number = byText.get(key);
      if (number === undefined) {
        number = values.push(value) - 1;
        byText.set(key, number);
      }
      return number;
    },
    at: (number) => values[number]!,
  };
}
