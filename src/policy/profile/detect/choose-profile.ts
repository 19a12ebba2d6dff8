import type { Cluster } from "../../../model/index.ts";
import { detectEngines } from "./detect-engines.ts";
import type { DeclaredKind, DetectedEngine, Detection, Evidence } from "./detection.ts";

/** A profile by name, and why it is taken. */
export interface Choice {
  readonly name: string;
  /** A clause for people. */
  readonly why: string;
}

/** The profile to take without being told: that of the engine which enforces policies, else that of the one engine whose kinds of policy are declared, else the text of the APIs. `known` are the names of all profiles. */
export function chooseProfile(cluster: Cluster, known: ReadonlySet<string>): Choice {
  return choose(detectEngines(cluster), known);
}

/** The same for what was recognised already. */
export function choose({ engines, kinds }: Detection, known: ReadonlySet<string>): Choice {
  const [first, ...others] = engines;
  if (first === undefined) return chooseByKinds(kinds, known);
  const beside = others.length === 0 ? "" : `, beside ${others.map(nameOf).join(", ")}`;
  const why = `${nameOf(first)}: ${reasonOf(first)}${beside}`;
  const name = first.profile === undefined ? undefined : nearest(first.profile, known);
  if (name !== undefined) return { name, why };
  return {
    name: "kubernetes",
    why: `${why}; its behaviour has no profile, so the text of the APIs counts`,
  };
}

function nameOf({ name, enforcement }: DetectedEngine): string {
  return `${name} (${ENFORCEMENT[enforcement]})`;
}

const ENFORCEMENT: Readonly<Record<DetectedEngine["enforcement"], string>> = {
  on: "enforces NetworkPolicy",
  audit: "only records what NetworkPolicy would deny",
  off: "enforces no NetworkPolicy",
  unknown: "may enforce NetworkPolicy",
};

/** The first reason names the agent; what it is told comes last. */
function reasonOf({ evidence }: DetectedEngine): string {
  const [first, ...rest] = evidence;
  const last = rest.at(-1);
  if (first === undefined) return "";
  if (last === undefined) return clauseOf(first);
  const and = last.subject === first.subject ? `and ${last.text}` : `and ${clauseOf(last)}`;
  return `${clauseOf(first)} ${and}`;
}

function clauseOf({ subject, text }: Evidence): string {
  return `\`${subject}\` ${text}`;
}

/** A variant without a profile of its own has that of its engine. */
function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  return [name, name.replace(/-.*$/u, "")].find((one) => known.has(one));
}

/** Policies that only one engine knows were written for it. Definitions of kinds without any object say too little. */
function chooseByKinds(kinds: readonly DeclaredKind[], known: ReadonlySet<string>): Choice {
  const objects = kinds.filter((kind) => kind.objects > 0);
  const engines = new Set(objects.flatMap(({ group }) => ENGINE_OF[group] ?? []));
  const [engine, ...others] = engines;
  const none = "no engine was recognised among the objects";
  if (engine === undefined) return { name: "kubernetes", why: none };
  if (others.length > 0) {
    const list = [...engines].join(", ");
    return {
      name: "kubernetes",
      why: `${none}, and there are policies of ${list}`,
    };
  }
  const of = objects.find(({ group }) => ENGINE_OF[group] === engine)!;
  const why = `${none}, and ${clauseOf(of.evidence)}`;
  return known.has(engine)
    ? { name: engine, why }
    : { name: "kubernetes", why: `${why}, of an engine without a profile` };
}

/** Whose the policies of a group are. */
const ENGINE_OF: Readonly<Record<string, string | undefined>> = {
  "projectcalico.org": "calico",
  "crd.projectcalico.org": "calico",
  "cilium.io": "cilium",
  "crd.antrea.io": "antrea",
  "security.antrea.tanzu.vmware.com": "antrea",
  "k8s.ovn.org": "ovn-kubernetes",
  "networking.k8s.aws": "aws-vpc-cni",
};
