import type { Cluster, Origin, Path } from "../model/index.ts";
import type { CompiledPolicies } from "../policy/index.ts";

/** Something worth a look, with the places that it is about. */
export interface Finding {
  /** The check that found it. */
  readonly id: string;
  readonly severity: "critical" | "high" | "medium" | "low" | "info";
  /** A workload, a policy or another object. */
  readonly subject: string;
  /** One line. */
  readonly text: string;
  readonly places: readonly {
    readonly policy: string | undefined;
    readonly rule: string | undefined;
    readonly origin: Origin;
    readonly path: Path;
  }[];
  /** Check and object; stays the same when lines move. */
  readonly fingerprint: string;
}

/** The annotation that isolated a namespace before NetworkPolicy became v1 (NP-13). */
const DEAD_ANNOTATION = "net.beta.kubernetes.io/network-policy";

/** Namespaces with the annotation that nothing reads any more. */
export function findDeadAnnotations(cluster: Cluster): readonly Finding[] {
  return [...cluster.namespaces.values()].flatMap(({ name, declarations }): readonly Finding[] => {
    const places = declarations
      .filter(({ annotations }) => DEAD_ANNOTATION in annotations)
      .map(({ origin }) => {
        const path = ["metadata", "annotations", DEAD_ANNOTATION];
        return { policy: undefined, rule: undefined, origin, path };
      });
    if (places.length === 0) return [];
    return [
      {
        id: "dead-annotation",
        severity: "high",
        subject: `Namespace/${name}`,
        text: `\`${DEAD_ANNOTATION}\` isolates nothing today: write a NetworkPolicy that denies by default`,
        places,
        fingerprint: `dead-annotation:Namespace/${name}`,
      },
    ];
  });
}

/** Policies that select no pod that exists. */
export function findIdlePolicies(compiled: CompiledPolicies): readonly Finding[] {
  return [...compiled.byId.values()]
    .filter(
      (policy) => !compiled.selecting.has(policy.id) && !compiled.profile.builtins.includes(policy),
    )
    .map((policy): Finding => {
      const { id, origin } = policy;
      const isNetworkPolicy = id.startsWith("networking.k8s.io/");
      return {
        id: "policy-selects-nothing",
        severity: "medium",
        subject: id,
        text: "it selects no pod: correct its selector, or remove it",
        places: [
          {
            policy: id,
            rule: undefined,
            origin,
            path: ["spec", isNetworkPolicy ? "podSelector" : "subject"],
          },
        ],
        fingerprint: `policy-selects-nothing:${id}`,
      };
    })
    .toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
}
