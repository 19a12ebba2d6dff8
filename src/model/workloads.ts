import type { Pod, Workload } from "./cluster.ts";
import type { WorkloadKind } from "./kinds.ts";
import type { NodeAgent } from "./node-agent.ts";
import type { Origin } from "./origin.ts";
import type { Owner } from "./owner.ts";
import type { ReadPod } from "./read-pod.ts";

/** An object that owns pods by a template. */
export interface DeclaredWorkload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly owner: Owner | undefined;
  /** Nothing if it could not be read. */
  readonly template: Pod | undefined;
  readonly replicas: number | undefined;
  /** A Job whose status says that it has ended. */
  readonly ended: boolean;
  /** Of a DaemonSet. */
  readonly agent: NodeAgent | undefined;
  readonly origin: Origin;
}

/** A pod with what it belongs to. */
export interface OwnedPod extends ReadPod {
  readonly namespace: string;
  readonly name: string;
  readonly owner: Owner | undefined;
  /** Of a DaemonSet's pod. */
  readonly agent: NodeAgent | undefined;
}

/** Any other object that stands between pods and their last owner. */
export interface Between {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly owner: Owner;
  readonly origin: Origin;
}

/** What workloads are made of. */
export interface WorkloadParts {
  readonly pods: readonly OwnedPod[];
  readonly declared: readonly DeclaredWorkload[];
  readonly between: readonly Between[];
  /** Told of each ring of owners, once. */
  cycle(origin: Origin, id: string): void;
}

/** Puts pods and templates under the owner that following ownerReferences reaches. Sorted by id. */
export function assembleWorkloads(parts: WorkloadParts): readonly Workload[] {
  const workloads: Workload[] = [];
  for (const group of groupByOwner(parts)) {
    const pods = podsOf(group);
    if (pods.length === 0) continue;
    const { id, namespace, kind, name } = group;
    const origin = group.own?.origin ?? group.origin ?? pods[0]?.origin;
    const agent = group.own?.agent ?? group.agent;
    workloads.push({ id, namespace, kind, name, pods, origin, agent });
  }
  return workloads.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function groupByOwner(parts: WorkloadParts): Iterable<Group> {
  const topOf = createOwnerWalk(parts);
  const groups = new Map<string, Group>();
  const groupOf = (namespace: string, self: Owner): Group => {
    const { kind, name } = topOf(namespace, self);
    const id = idOf(namespace, { kind, name });
    let group = groups.get(id);
    if (group === undefined) {
      const nothing = { own: undefined, origin: undefined, agent: undefined };
      group = { id, namespace, kind, name, live: [], below: [], ...nothing };
      groups.set(id, group);
    }
    return group;
  };
  const finishedUnder = new Set<string>();
  const waitingUnder = new Set<string>();
  for (const pod of parts.pods) {
    const group = groupOf(pod.namespace, { kind: "Pod", name: pod.name });
    group.origin ??= pod.pod.origin;
    group.agent ??= pod.agent;
    if (pod.state === "live") group.live.push(pod.pod);
    else if (pod.owner !== undefined) {
      const under = pod.state === "finished" ? finishedUnder : waitingUnder;
      under.add(idOf(pod.namespace, pod.owner));
    }
  }
  for (const one of parts.declared) {
    const id = idOf(one.namespace, one);
    const ended = one.ended || (finishedUnder.has(id) && !waitingUnder.has(id));
    const group = groupOf(one.namespace, one);
    const member = { ...one, done: one.kind === "Job" && ended };
    if (group.id === id) group.own = member;
    else group.below.push(member);
  }
  return groups.values();
}

interface Member extends DeclaredWorkload {
  readonly done: boolean;
}

interface Group {
  readonly id: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly live: Pod[];
  own: Member | undefined;
  readonly below: Member[];
  origin: Origin | undefined;
  agent: NodeAgent | undefined;
}

/** Live pods if there are any, else the owner's template, else those of the owners below one that is not among the objects. */
function podsOf(group: Group): readonly Pod[] {
  if (group.live.length > 0) {
    return group.live.toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
  }
  const { own } = group;
  if (own !== undefined) return own.done || own.template === undefined ? [] : [own.template];
  const running = group.below.filter((one) => !one.done);
  // Old ReplicaSets stay with 0 replicas; all at 0 is an owner that was scaled down.
  const scaled = running.filter((one) => one.replicas !== 0);
  return (scaled.length > 0 ? scaled : running).flatMap((one) => one.template ?? []);
}

function idOf(namespace: string, { kind, name }: Owner): string {
  return `${namespace}/${kind}/${name}`;
}

/** Follows owners to the last one. A ring ends at its smallest id, whoever asks. */
function createOwnerWalk(parts: WorkloadParts): (namespace: string, self: Owner) => Owner {
  const owners = ownersById(parts);
  const tops = new Map<string, Owner>();
  return (namespace, self) => {
    const trail: Owner[] = [];
    const seen = new Map<string, number>();
    let at = self;
    for (;;) {
      const id = idOf(namespace, at);
      const known = tops.get(id);
      const start = seen.get(id);
      if (known !== undefined) {
        at = known;
        break;
      }
      if (start !== undefined) {
        at = smallest(trail.slice(start), at);
        const origin = owners.get(idOf(namespace, at))?.origin;
        if (origin !== undefined) parts.cycle(origin, idOf(namespace, at));
        break;
      }
      seen.set(id, trail.length);
      trail.push(at);
      const next = owners.get(id) ?? owners.get(idOf("", at));
      if (next === undefined) break;
      at = next.owner;
    }
    for (const one of trail) tops.set(idOf(namespace, one), at);
    return at;
  };
}

function smallest(ring: readonly Owner[], fallback: Owner): Owner {
  return ring.reduce((least, one) => (idOf("", one) < idOf("", least) ? one : least), fallback);
}

interface OwnedBy {
  readonly owner: Owner;
  readonly origin: Origin;
}

function ownersById({ between, declared, pods }: WorkloadParts): ReadonlyMap<string, OwnedBy> {
  const owners = new Map<string, OwnedBy>();
  for (const { namespace, kind, name, owner, origin } of between) {
    owners.set(idOf(namespace ?? "", { kind, name }), { owner, origin });
  }
  for (const { namespace, kind, name, owner, origin } of declared) {
    if (owner !== undefined) owners.set(idOf(namespace, { kind, name }), { owner, origin });
  }
  for (const { namespace, name, owner, pod } of pods) {
    if (owner === undefined) continue;
    owners.set(idOf(namespace, { kind: "Pod", name }), { owner, origin: pod.origin });
  }
  return owners;
}
