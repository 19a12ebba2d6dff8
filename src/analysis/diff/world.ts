import type { Family } from "../../base/index.ts";
import type { Cluster, Pod, Workload } from "../../model/index.ts";
import {
  type CompiledPolicies,
  type End,
  type Policy,
  type RuleRef,
  type Verdict,
  compilePolicies,
  evaluate,
  readPolicies,
} from "../../policy/index.ts";
import type { Edit } from "./edit.ts";
import { type StateEnd, edgeEdit } from "./end-edits.ts";
import { type Clusters, type EndParts, type EndVersions, createEndParts } from "./end-parts.ts";
import { type PolicyVersions, comparePolicy } from "./policy-edits.ts";

/** What passes between two ends alone, with any of the edits made: policies that select neither have no say in it. */
export interface World {
  readonly edits: readonly Edit[];
  /** Edits that brought or took one of the ends; they are always made. */
  readonly edges: readonly Edit[];
  /** The answers of the states themselves; an end that a state lacks has no connection there. */
  readonly state: (state: "base" | "head", question: WorldQuestion) => WorldAnswer;
  /** The answer with some edits made; each set of edits is compiled once. */
  readonly made: (edits: readonly Edit[], question: WorldQuestion) => WorldAnswer;
}

/** A point on the traffic line. */
export interface WorldQuestion {
  readonly traffic: number;
  readonly family: Family;
}

/** The verdict and what determined it. */
export interface WorldAnswer {
  readonly verdict: Verdict;
  readonly refs: readonly RuleRef[];
}

/** Makes worlds of two states; edits are the same objects from world to world. */
export interface WorldMaker {
  readonly of: (source: EndVersions, destination: EndVersions) => World;
  /** The edits of an end itself, as far as it has any. */
  readonly editsOfEnd: (end: EndVersions) => readonly Edit[];
  /** How many were compiled. */
  readonly compiled: () => number;
}

/** Prepares the worlds of two compiled states. The profile of the head judges; `profile-changed` is decided apart. */
export function createWorlds(base: CompiledPolicies, head: CompiledPolicies): WorldMaker {
  const policies = createVersions(base, head);
  const clusters = { base: base.cluster, head: head.cluster };
  const ends = createEndParts(clusters);
  const edgesOf = createEdges();
  let count = 0;
  const of = (source: EndVersions, destination: EndVersions): World => {
    const both = [source, destination];
    const ids = new Set([
      ...both.flatMap((end) => policyIds(base, end.base)),
      ...both.flatMap((end) => policyIds(head, end.head)),
    ]);
    const versions = [...ids].toSorted().map(policies);
    const sides = [ends.of(source), ends.of(destination)] as const;
    const own = sides.flatMap((side) => side.edits);
    const edits = [...new Set([...own, ...versions.flatMap((each) => each.edits)])];
    const stages = new Map<string, Stage>();
    const made: World["made"] = (chosen, question) => {
      const key = chosen.map((edit) => edits.indexOf(edit)).join();
      let stage = stages.get(key);
      if (stage === undefined) {
        count++;
        stage = compileStage(head, { clusters, versions, sides }, new Set(chosen));
        stages.set(key, stage);
      }
      return ask(stage, question);
    };
    return {
      edits,
      edges: [...new Set(both.flatMap(edgesOf))],
      state: (state, question) => {
        const [from, to] = [source[state], destination[state]];
        if (from === undefined || to === undefined) return NOTHING;
        // A pod and another of its kind are two pods in a world only.
        const isSame = from.kind === "pod" && to.kind === "pod" && from.pod === to.pod;
        if (isSame) return made(state === "base" ? [] : edits, question);
        const compiled = state === "base" ? base : head;
        return ask({ compiled, source: plainEnd(from), destination: plainEnd(to) }, question);
      },
      made,
    };
  };
  return { of, editsOfEnd: (end) => ends.of(end).edits, compiled: () => count };
}

const NOTHING: WorldAnswer = { verdict: "deny", refs: [] };

/** Compiled policies with two ends of them. */
interface Stage {
  readonly compiled: CompiledPolicies;
  readonly source: End;
  readonly destination: End;
}

function ask({ compiled, ...ends }: Stage, { traffic, family }: WorldQuestion): WorldAnswer {
  const { verdict, determinedBy } = evaluate(compiled, { ...ends, traffic, family, facts: [] });
  return { verdict, refs: determinedBy };
}

function plainEnd(end: StateEnd): End {
  if (end.kind !== "node") return end;
  const { name, labels, addresses } = end.node;
  return { kind: "node", name, labels, addresses };
}

/** The versions of each policy by id, compared when they are first asked for. */
function createVersions(
  base: CompiledPolicies,
  head: CompiledPolicies,
): (id: string) => PolicyVersions {
  const isSame = base.profile === head.profile;
  const mine = isSame ? base.byId : byId(readPolicies(base.cluster, head.profile));
  const known = new Map<string, PolicyVersions>();
  return (id) => {
    let versions = known.get(id);
    if (versions === undefined) {
      versions = comparePolicy(mine.get(id), head.byId.get(id));
      known.set(id, versions);
    }
    return versions;
  };
}

function byId(policies: readonly Policy[]): ReadonlyMap<string, Policy> {
  return new Map(policies.map((policy) => [policy.id, policy]));
}

/** The ids of the policies that have a say at an end. */
function policyIds(compiled: CompiledPolicies, end: StateEnd | undefined): readonly string[] {
  const number = end === undefined ? -1 : classOf(compiled, end);
  if (number < 0) return [];
  const { groups, groupOf, policies, profile } = compiled;
  const numbers = Object.values(groupOf)
    .map((of) => of[number]!)
    .filter((group) => group >= 0)
    .flatMap((group) => groups[group]!.policies);
  return [...new Set(numbers)]
    .map((each) => policies[each]!)
    .filter((policy) => !profile.builtins.includes(policy))
    .map(({ id }) => id);
}

/** The class of an end; -1 outside. */
export function classOf({ classes }: CompiledPolicies, end: StateEnd): number {
  if (end.kind === "pod") return classes.ofPod.get(end.pod)!;
  if (end.kind === "node") return classes.ofNode.get(end.node)!;
  if (end.kind === "outside") return -1;
  return end.relation === "own-node" ? classes.ownNode : classes.otherNodes;
}

/** The edits that brought or took ends, each once. */
function createEdges(): (end: EndVersions) => readonly Edit[] {
  const known = new Map<string, readonly Edit[]>();
  return (end) => {
    let edges = known.get(end.peer.id);
    if (edges === undefined) {
      edges = edgeEdits(end);
      known.set(end.peer.id, edges);
    }
    return edges;
  };
}

function edgeEdits({ peer, base, head }: EndVersions): readonly Edit[] {
  if (base === undefined && head !== undefined) return [edgeEdit(peer, head, "head")];
  if (head === undefined && base !== undefined) return [edgeEdit(peer, base, "base")];
  return [];
}

/** What a world is compiled from. */
interface Parts {
  readonly clusters: Clusters;
  readonly versions: readonly PolicyVersions[];
  readonly sides: readonly [EndParts, EndParts];
}

/** Compiles the two ends with the policies that have a say. */
function compileStage(
  { profile }: CompiledPolicies,
  { versions, sides, clusters }: Parts,
  made: ReadonlySet<Edit>,
): Stage {
  const [source, destination] = sides.map((parts) => endOf(parts, made)) as [End, End];
  const workloads = [source, destination].flatMap((end): readonly Workload[] =>
    end.kind === "pod" ? [end.workload] : [],
  );
  const names = new Map(
    sides.flatMap(({ nodes }) => nodes).map((node) => [(node.head ?? node.base)!.name, node]),
  );
  const nodes = [...names.values()].flatMap(
    ({ base, head, edit }) => (edit === undefined || made.has(edit) ? head : base) ?? [],
  );
  const world = {
    ...clusters.head,
    namespaces: namespacesOf(clusters, sides, made),
    workloads,
    nodes,
  };
  const policies = versions.flatMap((version) => version.mix(made) ?? []);
  return { compiled: compilePolicies(world, profile, policies), source, destination };
}

/** The end with the edits made; each time other objects, so that two pods of one workload are two. */
function endOf({ end, pods, nodes }: EndParts, made: ReadonlySet<Edit>): End {
  switch (end.kind) {
    case "pod": {
      let pod: Pod = { ...end.pod };
      for (const { edit, fields } of pods) if (made.has(edit)) pod = { ...pod, ...fields };
      return { kind: "pod", workload: { ...end.workload, pods: [pod] }, pod };
    }
    case "node": {
      const edit = nodes[0]?.edit;
      const node =
        (edit === undefined || made.has(edit) ? nodes[0]?.head : nodes[0]?.base) ?? end.node;
      return plainEnd({ kind: "node", node });
    }
    default:
      return end;
  }
}

/** The namespaces of the two ends, with the labels of either state. */
function namespacesOf(
  { base, head }: Clusters,
  sides: readonly EndParts[],
  made: ReadonlySet<Edit>,
): Cluster["namespaces"] {
  const names = sides.flatMap(({ namespace }) => namespace ?? []);
  return new Map(
    names.flatMap(({ name, edit }) => {
      const [was, is] = [base.namespaces.get(name), head.namespaces.get(name)];
      const namespace = edit !== undefined && !made.has(edit) ? was : (is ?? was);
      return namespace === undefined ? [] : [[name, namespace] as const];
    }),
  );
}
