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
  /** Edits without which one of the ends does not exist. They are always made. */
  readonly edges: readonly Edit[];
  readonly verdict: (made: ReadonlySet<Edit>, question: WorldQuestion) => WorldAnswer;
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
}

/** Prepares the worlds of two compiled states. The profile of the head judges; `profile-changed` is decided apart. */
export function createWorlds(base: CompiledPolicies, head: CompiledPolicies): WorldMaker {
  const policies = createVersions(base, head);
  const clusters = { base: base.cluster, head: head.cluster };
  const ends = createEndParts(clusters);
  const edgesOf = createEdges();
  return {
    editsOfEnd: (end) => ends.of(end).edits,
    of: (source, destination) => {
      const both = [source, destination];
      const ids = new Set([
        ...both.flatMap((end) => policyIds(base, end.base)),
        ...both.flatMap((end) => policyIds(head, end.head)),
      ]);
      const versions = [...ids].toSorted().map(policies);
      const [from, to] = [ends.of(source), ends.of(destination)];
      const own = [...from.edits, ...to.edits];
      const edits = [...new Set([...own, ...versions.flatMap((each) => each.edits)])];
      const edges = [...new Set([...edgesOf(source), ...edgesOf(destination)])];
      const verdict: World["verdict"] = (made, question) =>
        judge(head, { clusters, versions, sides: [from, to] }, made, question);
      return { edits, edges, verdict };
    },
  };
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

interface Stage {
  readonly clusters: Clusters;
  readonly versions: readonly PolicyVersions[];
  readonly sides: readonly [EndParts, EndParts];
}

/** Compiles the two ends with the policies that have a say and asks. */
function judge(
  { profile }: CompiledPolicies,
  { versions, sides, clusters }: Stage,
  made: ReadonlySet<Edit>,
  { traffic, family }: WorldQuestion,
): WorldAnswer {
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
  const compiled = compilePolicies(world, profile, policies);
  const asked = { source, destination, traffic, family, facts: [] };
  const { verdict, determinedBy } = evaluate(compiled, asked);
  return { verdict, refs: determinedBy };
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
      const { name, labels, addresses } = node;
      return { kind: "node", name, labels, addresses };
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
