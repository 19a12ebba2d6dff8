import type { Cluster } from "../../../model/index.ts";
import { findAws } from "./aws-engines.ts";
import { findAzure } from "./azure-engines.ts";
import { findCalico } from "./calico-engines.ts";
import { findCilium } from "./cilium-engines.ts";
import { findCloud } from "./cloud-engines.ts";
import { findDeclaredKinds } from "./declared-kinds.ts";
import { type DetectedEngine, type Detection, joinJudgements } from "./detection.ts";
import { findFlannel } from "./flannel-engines.ts";
import { findK3s } from "./k3s-engine.ts";
import { findKindnet } from "./kindnet-engine.ts";
import { findOpenShift } from "./openshift-engines.ts";
import { findSingles } from "./single-engines.ts";

/** Recognises the network engines of a cluster by their agents, configuration and nodes (compliance.md 1.1.1). What only declares kinds of policy is no engine. */
export function detectEngines(cluster: Cluster): Detection {
  const found = FAMILIES.flatMap((find) => find(cluster));
  const engines = new Map<string, DetectedEngine>();
  for (const engine of found) {
    const known = engines.get(engine.name);
    if (known === undefined) engines.set(engine.name, engine);
    else engines.set(engine.name, { ...better(known, engine), ...joinJudgements(known, engine) });
  }
  const ranked = [...engines.values()].toSorted(
    (a, b) => RANKS[a.enforcement] - RANKS[b.enforcement],
  );
  return { engines: ranked, kinds: findDeclaredKinds(cluster) };
}

/** In the order in which engines stand where none of them enforces more than the other: those that stand behind others come last. */
const FAMILIES: readonly ((cluster: Cluster) => readonly DetectedEngine[])[] = [
  findCilium,
  findCalico,
  findSingles,
  findOpenShift,
  findAws,
  findAzure,
  findKindnet,
  findFlannel,
  findK3s,
  findCloud,
];

const RANKS: Readonly<Record<DetectedEngine["enforcement"], number>> = {
  on: 0,
  audit: 1,
  unknown: 2,
  off: 3,
};

/** Of two hits of one engine the one that tells more. */
function better(a: DetectedEngine, b: DetectedEngine): DetectedEngine {
  if (a.profile === undefined) return b;
  return RANKS[b.enforcement] < RANKS[a.enforcement] ? b : a;
}
