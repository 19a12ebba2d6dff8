import { type AddressSet, type Family, addressSet, isSubset, union } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import { tellsFamilies } from "./group-judge.ts";
import { type Group, directionOf } from "./groups.ts";
import { judgePoint } from "./judge.ts";
import { UNNAMED_POD, imaginePod } from "./imagine.ts";
import { type Column, type ImaginedPod, matchPeers, selectsImagined } from "./match.ts";
import type { ViewOf } from "./outside-reach.ts";
import type { OutsideSegment } from "./outside.ts";
import { CLOSED, type Outcome, outcomeOf, possibleOf } from "./planes.ts";
import type { EndpointSelector } from "./policy.ts";
import { selectorText } from "./selector-text.ts";
import { ALL_TRAFFIC } from "./traffic.ts";

/** Who is admitted, from the widest to the narrowest. */
export type AdmittedPeer =
  | { readonly kind: "outside"; readonly addresses: AddressSet }
  /** A pod of any namespace, whatever its labels. */
  | { readonly kind: "cluster" }
  /** A pod of the namespace, whatever its labels, where that is more than any pod of the cluster. */
  | { readonly kind: "namespace"; readonly namespace: string }
  /** Pods with certain labels in certain namespaces; `undefined` where there is no requirement. */
  | {
      readonly kind: "selected";
      readonly namespaces: string | undefined;
      readonly pods: string | undefined;
    };

/** What one group says of one peer. */
export interface Sight {
  readonly peer: AdmittedPeer;
  /** As the group sees it, in each family. */
  readonly columns: Readonly<Record<Family, Column | undefined>>;
  readonly outcomes: Readonly<Record<Family, Outcome>>;
  readonly portNames: readonly string[];
}

/** Looks at everything that may come as groups see it, from the widest to the narrowest; what adds nothing to a wider one is left out. */
export function createFutureSight(
  compiled: CompiledPolicies,
  viewOf: ViewOf,
): (group: Group) => readonly Sight[] {
  const apart = namespacesApart(compiled);
  return (group) => {
    const at = { kind: group.point, guarded: group.classes[0]!, group: group.number };
    const see = (peer: AdmittedPeer, pod: ImaginedPod): Sight => {
      const column = { kind: "imagined", pod } as const;
      // only outcomes are of interest here: results, which keep what made them uncertain, cost more
      const judge = (family: Family): Outcome =>
        outcomeOf(
          judgePoint(compiled, { ...at, column }, { family, facts: [], traffic: ALL_TRAFFIC }),
        );
      const four = judge(4);
      return {
        peer,
        columns: { 4: column, 6: column },
        outcomes: { 4: four, 6: tellsFamilies(group) ? judge(6) : four },
        portNames: portNamesAt(compiled, group, column),
      };
    };
    const cluster = see({ kind: "cluster" }, UNNAMED_POD);
    const namespaces = apart(group).flatMap((namespace) => {
      const sight = see({ kind: "namespace", namespace }, podIn(compiled, namespace));
      return adds(sight, cluster) ? [sight] : [];
    });
    const selected = selectorsOf(compiled, group).flatMap((selector) => {
      const pod = imaginePod(selector, (name) => compiled.cluster.namespaces.get(name)?.labels);
      if (pod === undefined) return [];
      const sight = see(peerOf(selector), pod);
      const around = namespaces.find(
        ({ peer }) => peer.kind === "namespace" && peer.namespace === pod.namespace,
      );
      return adds(sight, around ?? cluster) ? [sight] : [];
    });
    const parts = Map.groupBy(viewOf(group), ({ result }) => result.outcome);
    const ranges = [...parts.values()].map((segments): Sight => {
      const of = (family: Family): OutsideSegment | undefined =>
        segments.find((segment) => segment.family === family);
      const columnOf = (family: Family): Column | undefined => {
        const first = of(family);
        return first && { kind: "outside", address: { family, value: first.first } };
      };
      return {
        peer: { kind: "outside", addresses: addressSet(segments) },
        columns: { 4: columnOf(4), 6: columnOf(6) },
        outcomes: { 4: of(4)?.result.outcome ?? CLOSED, 6: of(6)?.result.outcome ?? CLOSED },
        portNames: [],
      };
    });
    return [...ranges, cluster, ...namespaces, ...selected].filter(
      ({ outcomes, portNames }) =>
        portNames.length > 0 ||
        possibleOf(outcomes[4]).length > 0 ||
        possibleOf(outcomes[6]).length > 0,
    );
  };
}

/** A pod of a namespace, without labels. */
function podIn({ cluster }: CompiledPolicies, namespace: string): ImaginedPod {
  const known = cluster.namespaces.get(namespace)?.labels;
  const namespaceLabels = known ?? { "kubernetes.io/metadata.name": namespace };
  return { ...UNNAMED_POD, namespace, namespaceLabels };
}

/** Gives the namespaces whose pods a group may treat otherwise than those of a namespace that nothing names; each selector is looked at once. */
function namespacesApart(compiled: CompiledPolicies): (group: Group) => readonly string[] {
  const known = new Map<EndpointSelector, readonly string[]>();
  const all = [...compiled.cluster.namespaces.keys()];
  const ofSelector = (selector: EndpointSelector): readonly string[] => {
    let found = known.get(selector);
    if (found === undefined) {
      const isUsual = selectsImagined(selector, UNNAMED_POD);
      const { namespaces } = nameNamespace(selector); // it may be one that is not there yet
      const candidates = namespaces.kind === "name" && !isUsual ? [namespaces.name] : all;
      found = candidates.filter(
        (name) => selectsImagined(selector, podIn(compiled, name)) !== isUsual,
      );
      known.set(selector, found);
    }
    return found;
  };
  return ({ rules }) => {
    const names = rules.flatMap((number) =>
      compiled.rules[number]!.peers.flatMap((peer) =>
        peer.kind === "pods" ? ofSelector(peer.selector) : [],
      ),
    );
    return [...new Set(names)].toSorted();
  };
}

/** Whether something is admitted of a peer that is not admitted of a wider one. */
function adds(sight: Sight, wider: Sight): boolean {
  const within = (family: Family): boolean => {
    const [mine, theirs] = [sight.outcomes[family], wider.outcomes[family]];
    return (
      isSubset(possibleOf(mine), possibleOf(theirs)) &&
      isSubset(union(mine.allow, mine.conditional), union(theirs.allow, theirs.conditional))
    );
  };
  const names = new Set(wider.portNames);
  return !within(4) || !within(6) || sight.portNames.some((name) => !names.has(name));
}

/** The pods that rules of a group name, each selector once. */
function selectorsOf({ rules }: CompiledPolicies, group: Group): readonly EndpointSelector[] {
  const selectors = new Map<string, EndpointSelector>();
  for (const number of group.rules) {
    const { rule } = rules[number]!;
    if (rule.action !== "Allow") continue;
    for (const peer of rule.peers) {
      if (peer.kind !== "pods") continue;
      const selector = nameNamespace(peer);
      const { kind, ...requirements } = peerOf(selector);
      if (kind === "selected") selectors.set(JSON.stringify(requirements), selector);
    }
  }
  return [...selectors.values()];
}

/** A selector whose namespaces are one by its name label is one by name. */
function nameNamespace(selector: EndpointSelector): EndpointSelector {
  const { namespaces } = selector;
  if (namespaces.kind === "name") return selector;
  const [only, ...more] = namespaces.selector.requirements;
  const isName =
    only?.key === "kubernetes.io/metadata.name" &&
    only.operator === "In" &&
    only.values.length === 1;
  if (!isName || more.length > 0) return selector;
  return { ...selector, namespaces: { kind: "name", name: only.values[0]! } };
}

function peerOf({ namespaces, pods }: EndpointSelector): AdmittedPeer {
  const labels = selectorText(pods);
  if (namespaces.kind === "name") {
    if (labels === undefined) return { kind: "namespace", namespace: namespaces.name };
    return { kind: "selected", namespaces: namespaces.name, pods: labels };
  }
  const where = selectorText(namespaces.selector);
  if (where === undefined && labels === undefined) return { kind: "cluster" };
  return { kind: "selected", namespaces: where, pods: labels };
}

/** Port names that rules use toward pods as the column sees them. */
function portNamesAt(compiled: CompiledPolicies, group: Group, column: Column): readonly string[] {
  if (directionOf(group.point) === "ingress") return [];
  const guarded = group.classes[0]!;
  const scene = { compiled, column, family: 4, facts: [], ports: [], guarded } as const;
  const names = group.rules.flatMap((number) => {
    const { rule, peers } = compiled.rules[number]!;
    const isNamed = rule.action === "Allow" && rule.traffic.named.length > 0;
    if (!isNamed || matchPeers(scene, peers).strength === 0) return [];
    return rule.traffic.named.map(({ name }) => name);
  });
  return [...new Set(names)].toSorted();
}
