import assert from "node:assert/strict";
import { test } from "node:test";

import { CLUSTER, ZONES, compile } from "../../test/small-cluster.ts";
import type { Intent } from "./intent.ts";
import type { Landscape } from "./landscape.ts";
import { findUnneeded } from "./need.ts";

const [web, api, db] = ["a/Pod/web", "b/Pod/api", "b/Pod/db"];

function nameOf({ peers }: Landscape, side: readonly number[]): string {
  return side.map((index) => peers[index]!.peer.id.replace(/^outside.*/u, "outside")).join("+");
}

test("what intents allow is needed, and nothing else is", () => {
  const compiled = compile(CLUSTER);
  const connections = (intents: readonly Intent[]): readonly string[] => {
    const { groups, landscape } = findUnneeded(compiled, ZONES, intents);
    return groups.flatMap(({ rules, connections: list }) =>
      list.flatMap(({ from, to, ports }) => {
        const [source, target] = [from, to].map((side) => nameOf(landscape, side));
        if (target !== api && target !== db) return [];
        const by = rules.map(({ policy: id, rule }) => `${id.split("/").at(-1)} ${rule}`);
        return [`${source} ${target} ${ports.join()} by ${by.join()}`];
      }),
    );
  };
  const all = [
    "a/Pod/web b/Pod/api tcp/80-81 by api ingress[0]",
    "outside+outside b/Pod/db tcp/5432 by db ingress[0]",
  ];
  const sorted = (intents: readonly Intent[]): readonly string[] => connections(intents).toSorted();
  assert.deepEqual(sorted([]), all);
  assert.deepEqual(sorted([{ deny: { from: web, to: api } }]), all, "a deny is no need");
  assert.deepEqual(sorted([{ allow: { from: web, to: api, ports: ["tcp/80"] } }]), [
    "a/Pod/web b/Pod/api tcp/81 by api ingress[0]",
    all[1],
  ]);
  assert.deepEqual(sorted([{ only: { from: { namespace: "a" }, to: api } }]), [all[1]]);
  assert.deepEqual(
    sorted([
      { allow: { from: { zone: "partners" }, to: db } },
      { allow: { from: "any", to: api } },
    ]),
    ["outside b/Pod/db tcp/5432 by db ingress[0]"],
    "of a range the part that nobody named is left",
  );
});
