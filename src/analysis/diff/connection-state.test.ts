import assert from "node:assert/strict";
import { test } from "node:test";

import { type Traffic, formatTraffic, parseTraffic, trafficOf } from "../../policy/index.ts";
import { type Answer, compareAnswers, directionsOf, transitionOf } from "./connection-state.ts";

function traffic(text: string): Traffic {
  const found = parseTraffic(text);
  assert.ok(typeof found !== "string");
  return found;
}

function answer(text: string, more: Partial<Answer> = {}): Answer {
  const rest = { families: 3, family: undefined, conditions: [] };
  return { verdict: "allow", ...rest, traffic: traffic(text), ...more };
}

const get = { text: "http GET /", refs: [] };
const post = { text: "http POST /", refs: [] };
const [onlyFour, onlySix] = [{ families: 1 }, { families: 2 }];

const CASES: readonly (readonly [
  name: string,
  before: readonly Answer[],
  after: readonly Answer[],
  expected: readonly string[],
])[] = [
  ["nothing", [], [], []],
  ["the same", [answer("tcp/80")], [answer("tcp/80")], []],
  ["in two pieces", [answer("tcp/80-81")], [answer("tcp/80"), answer("tcp/81")], []],
  ["opened", [], [answer("tcp/80")], ["both + tcp/80"]],
  ["closed", [answer("tcp/80")], [], ["both - tcp/80"]],
  ["doubtful", [], [answer("tcp/80", { verdict: "depends" })], ["both +? tcp/80"]],
  [
    "fell to depends",
    [answer("tcp/80")],
    [answer("tcp/80", { verdict: "depends" })],
    ["both -? tcp/80"],
  ],
  ["fell from depends", [answer("tcp/80", { verdict: "depends" })], [], ["both -? tcp/80"]],
  [
    "rose from depends",
    [answer("tcp/80", { verdict: "depends" })],
    [answer("tcp/80")],
    ["both + tcp/80"],
  ],
  [
    "all of one family is all",
    [answer("all")],
    [answer("all", { ...onlyFour, traffic: trafficOf(4) })],
    [],
  ],
  ["one family less", [answer("tcp/80")], [answer("tcp/80", onlyFour)], []],
  ["a family told apart", [answer("tcp/80")], [answer("tcp/80", { family: 4 })], ["6 - tcp/80"]],
  [
    "told apart for their reasons only",
    [answer("tcp/80", { verdict: "depends" })],
    [4, 6].map((family) => answer("tcp/80", { verdict: "depends", family: family as 4 | 6 })),
    [],
  ],
  [
    "of the family that there was",
    [answer("tcp/80", onlySix)],
    [answer("tcp/80", { family: 6 })],
    [],
  ],
  [
    "a condition that came",
    [answer("tcp/80")],
    [answer("tcp/80", { conditions: [get] })],
    ["both ~"],
  ],
  [
    "another condition",
    [answer("tcp/80", { conditions: [get] })],
    [answer("tcp/80", { conditions: [post] })],
    ["both ~"],
  ],
  [
    "conditions in another order",
    [answer("tcp/80", { conditions: [get, post] })],
    [answer("tcp/80", { conditions: [post, get] })],
    [],
  ],
];

for (const [name, before, after, expected] of CASES) {
  test(`two answers about a pair: ${name}`, () => {
    const found = compareAnswers(before, after).flatMap((difference) => {
      const { opened, perhapsOpened, closed, perhapsClosed } = transitionOf(difference);
      const { rose, fell } = directionsOf(difference);
      const signs = [
        ["+", opened],
        ["+?", perhapsOpened],
        ["-", closed],
        ["-?", perhapsClosed],
      ] as const;
      const told = signs.flatMap(([sign, set]) =>
        set.length === 0 ? [] : [`${sign} ${formatTraffic(set).join()}`],
      );
      assert.equal(rose.length + fell.length > 0, told.length > 0);
      return (told.length > 0 ? told : ["~"]).map(
        (each) => `${difference.family ?? "both"} ${each}`,
      );
    });
    assert.deepEqual(found, expected);
  });
}
