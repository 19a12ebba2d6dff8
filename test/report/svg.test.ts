// The picture of reachability: it is well-formed, it shows everything or says what it does not, and it stays small.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { type ReachResult, openSession, reachCluster } from "../../src/app/index.ts";
import { readCluster } from "../../src/files/index.ts";
import { PROFILES, compilePolicies } from "../../src/policy/index.ts";
import { writeReachSvg, writeReachYaml } from "../../src/report/index.ts";
import { realisticCluster } from "../generate/realistic.ts";
import { buildCluster } from "../generate/scenario.ts";
import type { RawObject } from "../generate/words.ts";
import { written } from "./written.ts";
import { type XmlElement, parseXml } from "./xml.ts";

const ALL = {
  from: undefined,
  to: undefined,
  port: undefined,
  namespace: undefined,
  outside: false,
};

async function reachOf(path: string): Promise<ReachResult> {
  const settings = { profile: undefined, podRanges: undefined, nodeRanges: undefined };
  const session = await openSession(readCluster, [path], settings);
  assert.ok(typeof session !== "string");
  const result = reachCluster(session, ALL);
  assert.ok(typeof result !== "string");
  return result;
}

/** A cluster of the generator; `withPolicies` false leaves everything open. */
function generated(workloads: number, withPolicies: boolean): ReachResult {
  const size = { workloads, policies: workloads / 4, podsPerWorkload: 0 };
  const objects = [...realisticCluster(1, size)];
  return reachOfObjects(objects.filter(({ kind }) => withPolicies || kind !== "NetworkPolicy"));
}

function reachOfObjects(objects: readonly RawObject[]): ReachResult {
  const compiled = compilePolicies(
    buildCluster({ objects, podRanges: [], nodeRanges: [] }),
    PROFILES["kubernetes"]!,
  );
  const session = { compiled, locate: nowhere, profileWhy: "", readable: 1, checks: {} };
  const result = reachCluster(session, ALL);
  assert.ok(typeof result !== "string");
  return result;
}

const nowhere = (): { file: string; line: number } => ({ file: "generated", line: 1 });

const drawn = async (result: ReachResult): Promise<string> =>
  await written((write) => writeReachSvg(result, write));

const all = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.flatMap((each) => [...(each.name === name ? [each] : []), ...all(each, name)]);

const titleIn = ({ children }: XmlElement): string =>
  children.find(({ name }) => name === "title")?.text ?? "";

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function boundsOf({ attributes }: XmlElement): Bounds {
  const [left, top] = [Number(attributes["x"]), Number(attributes["y"])];
  const right = left + Number(attributes["width"]);
  return { left, top, right, bottom: top + Number(attributes["height"]) };
}

function isApart(a: Bounds, b: Bounds): boolean {
  return a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
}

test("reach -o svg of payments is the golden file", async (t) => {
  const output = await drawn(await reachOf("examples/payments"));
  t.assert.fileSnapshot(output, "test/golden/reach/payments.svg", {
    serializers: [(value: unknown) => value as string],
  });
});

test("reach -o yaml of payments is the golden file", async (t) => {
  const result = await reachOf("examples/payments");
  const output = await written(async (write) => writeReachYaml(result, false, write));
  t.assert.fileSnapshot(output, "test/golden/reach/payments.yaml", {
    serializers: [(value: unknown) => value as string],
  });
});

describe("what is drawn", () => {
  test("of payments every pair is a curve of its own, dashed where all of it depends", async () => {
    const result = await reachOf("examples/payments");
    const expected = new Map<string, boolean>();
    for (const { from, to, verdict } of result.rectangles()) {
      for (const source of from) {
        for (const target of to) {
          const key = `${result.peers[source]!.id} → ${result.peers[target]!.id}`;
          expected.set(key, (expected.get(key) ?? true) && verdict === "depends");
        }
      }
    }
    const paths = all(parseXml(await drawn(result)), "path").filter((each) => titleIn(each) !== "");
    const found = paths.map((each): [string, boolean] => [
      titleIn(each).replace(/: [^]*/u, ""),
      each.attributes["class"] === "d",
    ]);
    assert.deepEqual(new Map(found), expected);
    assert.equal(found.length, expected.size);
  });

  /** Workloads, whether there are policies, and the bytes that it may take. */
  const SIZES = [
    [100, true, 300_000],
    [100, false, 300_000],
    [1000, true, 2_000_000],
    [1000, false, 2_000_000],
  ] as const;
  for (const [workloads, withPolicies, bytes] of SIZES) {
    test(`${workloads} workloads ${withPolicies ? "with" : "without"} policies: small, and no connection is lost`, async () => {
      const result = generated(workloads, withPolicies);
      const output = await drawn(result);
      assert.ok(output.length < bytes, `${output.length} characters`);
      assert.equal(output, await drawn(result), "the same again");
      let connections = 0;
      for (const { from, to } of result.rectangles()) connections += from.length * to.length;
      const svg = parseXml(output);
      const titles = all(svg, "path").map(titleIn);
      const shown = titles.reduce((sum, title) => {
        const bundle = /: (\d+) connections?/u.exec(title);
        const entries = title === "" ? 0 : title.split("; ").length;
        return sum + (bundle === null ? entries : Number(bundle[1]));
      }, 0);
      assert.equal(shown, connections);
      const names = all(svg, "text").map(titleIn);
      for (const { id } of result.peers) {
        assert.ok(
          names.some((name) => name === id || name.startsWith(`${id}: `)),
          id,
        );
      }
    });
  }

  for (const [name, make] of [
    ["payments", () => reachOf("examples/payments")],
    ["300 workloads", () => Promise.resolve(generated(300, true))],
  ] as const) {
    test(`${name}: nothing stands outside of the picture, and no box on another`, async () => {
      const svg = parseXml(await drawn(await make()));
      const width = Number(svg.attributes["width"]);
      const height = Number(svg.attributes["height"]);
      const boxes = all(svg, "rect").slice(1).map(boundsOf);
      assert.ok(boxes.length > 1);
      for (const [index, box] of boxes.entries()) {
        assert.ok(box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height);
        for (const other of boxes.slice(index + 1)) assert.ok(isApart(box, other));
      }
      for (const path of all(svg, "path").filter((each) => titleIn(each) !== "")) {
        const points = path.attributes["d"]!.split(/[MC ]/u).filter(Boolean).map(Number);
        const across = points.filter((_, index) => index % 2 === 0);
        assert.ok(Math.min(...across) >= 0 && Math.max(...across) <= width);
      }
    });
  }

  test("a namespace with more workloads than rows says so", async () => {
    const [first, ...rest] = [
      ...realisticCluster(1, { workloads: 20, policies: 0, podsPerWorkload: 0 }),
    ];
    const workload = rest.find(({ kind }) => kind === "Deployment")!;
    const many = Array.from({ length: 90 }, (_, index) => ({
      ...workload,
      metadata: {
        ...(workload["metadata"] as object),
        name: `w-${String(index).padStart(3, "0")}`,
      },
    }));
    const result = reachOfObjects([first!, ...many]);
    const output = await drawn(result);
    assert.match(output, />and 31 more</u);
    assert.match(output, /31 ends without a row of their own/u);
  });
});

test("hostile names stay text", async () => {
  const hostile = `"><script>alert(1)</script>]]>&\u0007`;
  const result = await reachOf("examples/payments");
  const id = `${hostile}/${hostile}/${hostile}`;
  const peers = [{ kind: "workload", id } as const, ...result.peers.slice(1)];
  const svg = parseXml(await drawn({ ...result, peers }));
  const clean = hostile.replace("\u0007", "\uFFFD");
  assert.ok(all(svg, "text").some((each) => titleIn(each).includes(clean)));
  assert.equal(all(svg, "script").length, 0);
});
