import {
  type AdminPeer,
  type AdminPolicy,
  type Cluster,
  type LabelSelector,
  MATCH_ALL,
  type NetworkPolicy,
  type NetworkPolicyPeer,
  type Origin,
  type Path,
  type PodsPeer,
  matchesSelector,
} from "../model/index.ts";

/** A pair of selectors as it stands in a policy: namespaces, and pods in them. */
export interface SelectorUse {
  /** `GROUP/KIND/[NAMESPACE/]NAME`. */
  readonly policy: string;
  /** `ingress[0]`; of a subject `undefined`. */
  readonly rule: string | undefined;
  readonly action: "Allow" | "Deny" | "Pass";
  readonly origin: Origin;
  /** Of the subject or peer. */
  readonly path: Path;
  /** Which namespaces; with `at: undefined` it is the policy's own, by name. */
  readonly namespaces: { readonly selector: LabelSelector; readonly at: Path | undefined };
  /** Which pods of them; with `at: undefined` all, and nothing is written. */
  readonly pods: { readonly selector: LabelSelector; readonly at: Path | undefined };
}

/** Every pair of selectors of NetworkPolicies and admin policies. */
export function selectorUsesOf({
  networkPolicies,
  adminPolicies,
}: Cluster): readonly SelectorUse[] {
  return [...networkPolicies.flatMap(usesOfNetworkPolicy), ...adminPolicies.flatMap(usesOfAdmin)];
}

/** Finds the names of the namespaces that a selector admits; policies mostly use the same few, and each is looked up once. */
export function namespaceFinder({
  namespaces,
}: Cluster): (selector: LabelSelector) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (selector) => {
    const key = JSON.stringify(selector.requirements);
    let found = known.get(key);
    if (found === undefined) {
      const names = [...namespaces.values()]
        .filter(({ labels }) => matchesSelector(selector, labels))
        .map(({ name }) => name);
      found = new Set(names);
      known.set(key, found);
    }
    return found;
  };
}

const DIRECTIONS = ["ingress", "egress"] as const;

function usesOfNetworkPolicy(policy: NetworkPolicy): readonly SelectorUse[] {
  const { namespace, name, origin } = policy;
  const id = `networking.k8s.io/NetworkPolicy/${namespace}/${name}`;
  const own = { selector: byName(namespace), at: undefined };
  const subjectPath = ["spec", "podSelector"];
  const subject: SelectorUse = {
    policy: id,
    rule: undefined,
    action: "Allow",
    origin,
    path: subjectPath,
    namespaces: own,
    pods: { selector: policy.podSelector, at: subjectPath },
  };
  const peers = DIRECTIONS.flatMap((direction) =>
    policy[direction].flatMap((rule, index) =>
      rule.peers.flatMap((peer, number): readonly SelectorUse[] => {
        if (peer.kind !== "pods") return [];
        const path = ["spec", direction, index, direction === "ingress" ? "from" : "to", number];
        const place = { policy: id, rule: `${direction}[${index}]`, origin, path };
        return [{ ...place, action: "Allow", ...selectorsOfPeer(peer, own, path) }];
      }),
    ),
  );
  return [subject, ...peers];
}

function selectorsOfPeer(
  { namespaceSelector, podSelector }: Extract<NetworkPolicyPeer, { readonly kind: "pods" }>,
  own: SelectorUse["namespaces"],
  path: Path,
): Pick<SelectorUse, "namespaces" | "pods"> {
  return {
    namespaces:
      namespaceSelector === undefined
        ? own
        : { selector: namespaceSelector, at: [...path, "namespaceSelector"] },
    pods:
      podSelector === undefined
        ? { selector: MATCH_ALL, at: undefined }
        : { selector: podSelector, at: [...path, "podSelector"] },
  };
}

function byName(name: string): LabelSelector {
  return {
    requirements: [{ key: "kubernetes.io/metadata.name", operator: "In", values: [name] }],
  };
}

function usesOfAdmin(policy: AdminPolicy): readonly SelectorUse[] {
  const { kind, name, origin } = policy;
  const id = `policy.networking.k8s.io/${kind}/${name}`;
  const path = ["spec", "subject"];
  const subject: SelectorUse = {
    policy: id,
    rule: undefined,
    action: "Allow",
    origin,
    path,
    ...selectorsOfPods(policy.subject, path),
  };
  const peers = DIRECTIONS.flatMap((direction) =>
    policy[direction].flatMap((rule, index) =>
      rule.peers.flatMap((peer: AdminPeer, number): readonly SelectorUse[] => {
        if (peer.kind !== "pods") return [];
        const at = ["spec", direction, index, direction === "ingress" ? "from" : "to", number];
        const place = { policy: id, rule: `${direction}[${index}]`, origin, path: at };
        return [{ ...place, action: rule.action, ...selectorsOfPods(peer, at) }];
      }),
    ),
  );
  return [subject, ...peers];
}

function selectorsOfPods(
  { written, namespaceSelector, podSelector }: PodsPeer,
  path: Path,
): Pick<SelectorUse, "namespaces" | "pods"> {
  if (written === "namespaces") {
    return {
      namespaces: { selector: namespaceSelector, at: [...path, "namespaces"] },
      pods: { selector: MATCH_ALL, at: undefined },
    };
  }
  return {
    namespaces: { selector: namespaceSelector, at: [...path, "pods", "namespaceSelector"] },
    pods: { selector: podSelector, at: [...path, "pods", "podSelector"] },
  };
}
