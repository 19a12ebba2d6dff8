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
  const admissions = createAdmissions(compiled);
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

/** How far workloads are open to what may come, from the widest to the narrowest. */
export const SCOPES = ["outside", "cluster", "namespace", "selected"] as const;

/** One of `SCOPES`. */
export type Scope = (typeof SCOPES)[number];

/** How many workloads are open that far, for certain, in a direction; a workload counts under each scope that it is open to. */
export type ExposureCounts = Readonly<Record<Direction, Readonly<Record<Scope, number>>>>;

/** Counts workloads by scope; `isMeant` chooses the workloads. */
export function countExposure(
  exposures: readonly Exposure[],
  isMeant: (workload: string) => boolean = () => true,
): ExposureCounts {
  const of = (direction: Direction, scope: Scope): number => {
    const open = exposures.filter(
      (exposure) =>
        exposure.direction === direction &&
        exposure.list.some(
          ({ peer, allow, portNames }) =>
            peer.kind === scope && (allow.length > 0 || portNames.length > 0),
        ),
    );
    return new Set(open.flatMap(({ workloads }) => workloads.filter(isMeant))).size;
  };
  const counts = (direction: Direction): Readonly<Record<Scope, number>> => ({
    outside: of(direction, "outside"),
    cluster: of(direction, "cluster"),
    namespace: of(direction, "namespace"),
    selected: of(direction, "selected"),
  });
  return { ingress: counts("ingress"), egress: counts("egress") };
}
