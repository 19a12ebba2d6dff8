import type { Direction, Workload } from "../model/index.ts";
import {
  type Admission,
  type CompiledPolicies,
  type Outlook,
  createAdmissions,
} from "../policy/index.ts";

/** What the policies of workloads admit of peers that do not exist yet: one end only, the other end's policies are not asked. */
export interface Exposure {
  readonly direction: Direction;
  /** Ids of workloads of which the same is said. */
  readonly workloads: readonly string[];
  /** A policy isolates them in this direction. */
  readonly isIsolated: boolean;
  readonly list: readonly Admission[];
}

/** The exposures of workloads, ingress before egress, in the order of their first workload. A workload whose pods differ stands once for each kind of them; host-network pods, which no policy surely guards, are left out. */
export function assessExposure(
  compiled: CompiledPolicies,
  outlook: Outlook,
  workloads: readonly Workload[],
): readonly Exposure[] {
  const admissions = createAdmissions(compiled, outlook);
  const found = new Map<string, Exposure & { readonly workloads: string[] }>();
  for (const direction of ["ingress", "egress"] as const) {
    for (const { id, pods } of workloads) {
      for (const pod of pods) {
        const admitted = admissions(pod, direction);
        if (admitted === undefined) continue;
        const key = `${direction} ${admitted.key}`;
        let entry = found.get(key);
        if (entry === undefined) {
          const isIsolated = outlook.isIsolated(pod, direction);
          entry = { direction, workloads: [], isIsolated, list: admitted.list };
          found.set(key, entry);
        }
        if (entry.workloads.at(-1) !== id) entry.workloads.push(id);
      }
    }
  }
  return [...found.values()];
}

/** How far a workload is open to what may come, from the widest to the narrowest. */
type Scope = "outside" | "cluster" | "namespace" | "selected";

/** How many workloads are open that far, for certain, in a direction; a workload counts under each scope that it is open to. */
export type ExposureCounts = Readonly<Record<Direction, Readonly<Record<Scope, number>>>>;

/** The scopes of each workload by direction. */
export function scopesOf(
  exposures: readonly Exposure[],
): Readonly<Record<Direction, ReadonlyMap<string, ReadonlySet<Scope>>>> {
  const scopes = { ingress: new Map<string, Set<Scope>>(), egress: new Map<string, Set<Scope>>() };
  for (const { direction, workloads, list } of exposures) {
    const open = list.filter(({ allow, portNames }) => allow.length > 0 || portNames.length > 0);
    for (const id of workloads) {
      const mine = scopes[direction].get(id) ?? new Set();
      for (const { peer } of open) mine.add(peer.kind);
      scopes[direction].set(id, mine);
    }
  }
  return scopes;
}

/** Counts workloads by scope. */
export function countExposure(
  scopes: ReturnType<typeof scopesOf>,
  workloads: readonly string[],
): ExposureCounts {
  const counts = (direction: Direction): Readonly<Record<Scope, number>> => {
    const count = { outside: 0, cluster: 0, namespace: 0, selected: 0 };
    for (const id of workloads) {
      for (const scope of scopes[direction].get(id) ?? []) count[scope]++;
    }
    return count;
  };
  return { ingress: counts("ingress"), egress: counts("egress") };
}
