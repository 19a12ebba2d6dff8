import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { realisticCluster } from "../test/generate/realistic.ts";
import { writeManifests, writeObjects } from "../test/generate/write.ts";
import type { Cost } from "./measure.ts";

/** One thing to measure. Commands are argument lists of Node. */
export interface Case {
  readonly name: string;
  readonly about: string;
  /** The program below whose cost the work can't be done. */
  readonly floor: readonly string[];
  readonly command: readonly string[];
  /** What it may cost, in words. */
  readonly target: string;
  readonly isMet: (cost: Cost) => boolean;
}

const PROGRAM = "build/package/bin/ringfence.mjs";
const EMPTY = ["bench/floor/empty.mjs"];

/** Every case; what they read is written to `folder`. */
export async function buildCases(folder: string): Promise<readonly Case[]> {
  return [
    ...demo(),
    ...manifests(join(folder, "thousand")),
    await snapshot(join(folder, "live.ndjson")),
    await engine(join(folder, "large.ndjson")),
    ...(await diffs(folder)),
  ];
}

/** A small application, where starting is most of the work. */
function demo(): readonly Case[] {
  const shared = process.env["RINGFENCE_SHARED"] ?? "../shared";
  const folder = join(shared, "data/clusters/microservices-demo");
  if (!existsSync(folder)) {
    console.log(`\`${folder}\` is not there: the case \`demo\` is left out (RINGFENCE_SHARED)`);
    return [];
  }
  return [
    {
      name: "demo",
      about: "`scan` of a demo shop: 12 workloads, 13 policies",
      floor: EMPTY,
      command: [PROGRAM, "scan", folder],
      target: "0.12 s or 2 × the floor",
      isMet: ({ floor, result }) => result <= Math.max(0.12, 2 * floor),
    },
  ];
}

/** A repository of a company's manifests, where reading YAML is most of the work. */
function manifests(folder: string): readonly Case[] {
  writeManifests(
    realisticCluster(1, { workloads: 1000, policies: 250, podsPerWorkload: 0 }),
    folder,
  );
  const about = `1,000 workloads with Services and 250 policies, YAML, ${sizeText(folder)}`;
  const reach = [PROGRAM, "reach", "-o", "json", folder];
  const scan = [PROGRAM, "scan", folder];
  const twice = {
    floor: ["bench/floor/js-yaml.mjs", folder],
    target: "2 × the floor",
    isMet: ({ floor, result }: Cost) => result <= 2 * floor,
  };
  return [
    { name: "scan-1000", about: `\`scan\` of ${about}`, ...twice, command: scan },
    { name: "reach-1000", about: `\`reach -o json\` of ${about}`, ...twice, command: reach },
    {
      name: "checks-1000",
      about: "`scan` with all checks, beside `reach -o json` of the same",
      floor: reach,
      command: scan,
      target: "1.5 × the floor",
      isMet: ({ floor, result }) => result <= 1.5 * floor,
    },
  ];
}

/** A dump of a live cluster, where reading JSON is most of the work. */
async function snapshot(file: string): Promise<Case> {
  await writeObjects(
    realisticCluster(2, { workloads: 2000, policies: 500, podsPerWorkload: 10 }),
    file,
  );
  return {
    name: "snapshot-20000",
    about: `\`scan\` of a snapshot with 20,000 pods, ${sizeText(file)}`,
    floor: ["bench/floor/json-lines.mjs", file],
    command: [PROGRAM, "scan", file],
    target: "6 × the floor",
    isMet: ({ floor, result }) => result <= 6 * floor,
  };
}

/** The engine by itself, in a process of its own that was not warmed. */
async function engine(file: string): Promise<Case> {
  await writeObjects(
    realisticCluster(1, { workloads: 10_000, policies: 2500, podsPerWorkload: 0 }),
    file,
  );
  return {
    name: "engine-10000",
    about:
      "index, compile and the whole reachability of 10,000 workloads and 2,500 policies, after reading",
    floor: EMPTY,
    command: ["bench/engine.ts", file],
    target: "0.3 s",
    isMet: ({ result }) => result <= 0.3,
  };
}

/** Comparing two states, beside one run of reachability over the first of them. */
async function diffs(folder: string): Promise<readonly Case[]> {
  const file = (name: string): string => join(folder, `${name}.ndjson`);
  for (const [name, seed, workloads] of [
    ["one", 1, 1000],
    ["two", 2, 1000],
    ["large", 1, 10_000],
  ] as const) {
    const size = { workloads, policies: workloads / 4, podsPerWorkload: 0 };
    await writeObjects(realisticCluster(seed, size), file(name));
  }
  return [
    {
      name: "diff-1000",
      about:
        "`diff -o json` of two snapshots without a policy in common, each 1,000 workloads and 250 policies, beside `reach -o json` of one",
      floor: [PROGRAM, "reach", "-o", "json", file("one")],
      command: [PROGRAM, "diff", "-o", "json", file("one"), file("two")],
      target: "3 × one `reach`",
      isMet: ({ floor, result }) => result <= 3 * floor,
    },
    {
      name: "diff-10000",
      about: "wall clock of comparing 10,000 workloads with the same and one edited policy",
      floor: ["bench/engine.ts", file("large")],
      command: ["bench/diff.ts", file("large")],
      target: "2.5 × one run of reachability",
      isMet: ({ floor, result }) => result <= 2.5 * floor,
    },
  ];
}

function sizeText(path: string): string {
  const files = statSync(path).isDirectory()
    ? readdirSync(path).map((name) => join(path, name))
    : [path];
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
