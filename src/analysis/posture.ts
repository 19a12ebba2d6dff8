import type { Direction } from "../model/index.ts";
import type { CompiledPolicies, Outlook } from "../policy/index.ts";
import { type ExposureCounts, assessExposure, countExposure, scopesOf } from "./exposure.ts";
import { type Openness, assessOpenness } from "./openness.ts";

/** How well a cluster is segmented, in numbers. */
export interface Posture {
  readonly counts: {
    readonly namespaces: number;
    readonly workloads: number;
    readonly pods: number;
    readonly services: number;
    /** By `GROUP/KIND`. */
    readonly policies: Readonly<Record<string, number>>;
  };
  /** Workloads that are not on the host network, and how many of them a policy isolates. */
  readonly isolation: Readonly<
    Record<Direction, { readonly isolated: number; readonly of: number }>
  >;
  /** Whether a new pod of each namespace starts denied; sorted by namespace. */
  readonly coverage: readonly Coverage[];
  /** How many workloads are open to what does not exist yet: in all, and by namespace where there are workloads. */
  readonly exposure: ExposureCounts & {
    readonly namespaces: readonly (ExposureCounts & { readonly namespace: string })[];
  };
  /** Workloads that may send to, or be reached from, any address outside. */
  readonly openness: {
    readonly toAnyAddress: readonly string[];
    readonly fromAnyAddress: readonly string[];
  };
}

/** The coverage of one namespace. */
export interface Coverage {
  readonly namespace: string;
  readonly workloads: number;
  readonly ingress: boolean;
  readonly egress: boolean;
}

/** Assesses the posture of a cluster under its policies; with `only` of one namespace. */
export function assessPosture(
  compiled: CompiledPolicies,
  outlook: Outlook,
  only: string | undefined,
): Posture {
  const { cluster } = compiled;
  const isMeant = ({ namespace }: { readonly namespace: string }): boolean =>
    only === undefined || namespace === only;
  const workloads = cluster.workloads.filter(isMeant);
  const namespaces = [...cluster.namespaces.keys()].filter((namespace) => isMeant({ namespace }));
  const { ingress, egress }: Openness = assessOpenness(workloads, outlook);
  const scopes = scopesOf(assessExposure(compiled, outlook, workloads));
  const isolation = (direction: Direction) => {
    const own = workloads.filter(({ pods }) => !pods.every((pod) => pod.hostNetwork));
    const isolated = own.filter(({ pods }) =>
      pods.every((pod) => outlook.isIsolated(pod, direction)),
    );
    return { isolated: isolated.length, of: own.length };
  };
  const perNamespace = Map.groupBy(workloads, ({ namespace }) => namespace);
  return {
    counts: {
      namespaces: namespaces.length,
      workloads: workloads.length,
      pods: workloads.reduce((sum, { pods }) => sum + pods.length, 0),
      services: cluster.services.filter(isMeant).length,
      policies: countPolicies(compiled, only),
    },
    isolation: { ingress: isolation("ingress"), egress: isolation("egress") },
    coverage: namespaces.map((namespace) => ({
      namespace,
      workloads: perNamespace.get(namespace)?.length ?? 0,
      ingress: outlook.isCovered(namespace, "ingress"),
      egress: outlook.isCovered(namespace, "egress"),
    })),
    exposure: {
      ...countExposure(
        scopes,
        workloads.map(({ id }) => id),
      ),
      namespaces: [...perNamespace].map(([namespace, own]) => ({
        namespace,
        ...countExposure(
          scopes,
          own.map(({ id }) => id),
        ),
      })),
    },
    openness: { toAnyAddress: egress.workloads, fromAnyAddress: ingress.workloads },
  };
}

/** Policy objects that were read, by group and kind. */
function countPolicies(
  { cluster }: CompiledPolicies,
  only: string | undefined,
): Readonly<Record<string, number>> {
  const own = cluster.networkPolicies.filter(
    ({ namespace }) => only === undefined || namespace === only,
  );
  const kinds = [
    ...own.map(() => "networking.k8s.io/NetworkPolicy"),
    ...cluster.adminPolicies.map(({ kind }) => `policy.networking.k8s.io/${kind}`),
  ];
  const counts = [...Map.groupBy(kinds, (kind) => kind)].map(
    ([kind, list]) => [kind, list.length] as const,
  );
  return Object.fromEntries(counts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
