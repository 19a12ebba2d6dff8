import type { Pod, Workload } from "./cluster.ts";
import type { Origin } from "./origin.ts";

/** A reference to an owner in the same namespace. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** An object that owns pods, directly or not: a Deployment, a ReplicaSet, a Job … */
export interface Controller extends Owner {
  readonly namespace: string;
  readonly owner: Owner | undefined;
  readonly template: Pod | undefined;
  readonly origin: Origin;
}

/** A pod of the dump. `pod` is undefined if it is no endpoint (NP-10). */
export interface LivePod {
  readonly namespace: string;
  readonly name: string;
  readonly owner: Owner | undefined;
  readonly pod: Pod | undefined;
  readonly origin: Origin;
}

/** Kinds that run once: if all their pods have finished, nothing of them is left. */
const RUNS_ONCE: readonly string[] = ["Job", "Pod"];

/** Gathers pods under the owner that following the references reaches; an owner that is not among the objects is taken by the reference. Sorted by id. */
export function buildWorkloads(
  controllers: readonly Controller[],
  pods: readonly LivePod[],
): readonly Workload[] {
  const known = new Map(controllers.map((each) => [idOf(each.namespace, each), each]));
  const roots = new Map<string, Root>();
  const rootOf = (namespace: string, start: Owner): Root => {
    const owner = followOwners(known, namespace, start);
    const id = idOf(namespace, owner);
    let root = roots.get(id);
    if (root === undefined) {
      root = {
        id,
        namespace,
        owner,
        origin: known.get(id)?.origin,
        live: [],
        templates: [],
        finished: 0,
      };
      roots.set(id, root);
    }
    return root;
  };
  for (const each of controllers) {
    const root = rootOf(each.namespace, each);
    if (each.template === undefined) continue;
    if (root.id === idOf(each.namespace, each)) root.templates.unshift(each.template);
    else root.templates.push(each.template);
  }
  for (const each of pods) {
    const root = rootOf(each.namespace, each.owner ?? { kind: "Pod", name: each.name });
    if (each.pod === undefined) root.finished++;
    else root.live.push(each.pod);
  }
  return [...roots.values()].flatMap(toWorkload).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

interface Root {
  readonly id: string;
  readonly namespace: string;
  readonly owner: Owner;
  readonly origin: Origin | undefined;
  readonly live: Pod[];
  readonly templates: Pod[];
  finished: number;
}

function toWorkload({ id, namespace, owner, origin, live, templates, finished }: Root): Workload[] {
  const { kind, name } = owner;
  const template = RUNS_ONCE.includes(kind) && finished > 0 ? undefined : templates[0];
  const pods = live.length > 0 ? live : template === undefined ? [] : [template];
  if (pods.length === 0) return [];
  const sorted = pods.toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
  return [{ id, namespace, kind, name, pods: sorted, origin: origin ?? pods[0]!.origin }];
}

/** References may go round in circles only in broken dumps; then the first object seen twice is the owner. */
function followOwners(
  known: ReadonlyMap<string, Controller>,
  namespace: string,
  start: Owner,
): Owner {
  let owner = start;
  const seen = new Set<string>();
  for (;;) {
    const id = idOf(namespace, owner);
    const next = known.get(id)?.owner;
    if (next === undefined || seen.has(id)) return owner;
    seen.add(id);
    owner = next;
  }
}

function idOf(namespace: string, { kind, name }: Owner): string {
  return `${namespace}/${kind}/${name}`;
}
