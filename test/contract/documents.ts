/** The documents of the contract, as a reader of it would write them down. */
interface Head {
  readonly version: number;
  readonly profile: string;
  readonly incomplete: boolean;
}

/** A place of a policy, or of a rule in it. */
export interface Ref {
  readonly policy?: string;
  readonly rule?: string;
  readonly file: string;
  readonly line: number;
}

/** Why something depends. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly refs: readonly Ref[];
}

/** What an allow rests on. */
export interface Condition {
  readonly text: string;
  readonly refs: readonly Ref[];
}

/** An end in a list of connections. */
export interface Peer {
  readonly id: string;
  readonly kind: string;
  readonly workload?: string;
  readonly addresses?: readonly string[];
}

/** Each `from` with each `to`. */
export interface Entry {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ports: readonly string[];
  readonly family?: number;
  readonly verdict: string;
  readonly conditions?: readonly Condition[];
  readonly reasons?: readonly Reason[];
}

/** `reach -o json`. */
export interface ReachDocument extends Head {
  readonly peers: readonly Peer[];
  readonly connections: readonly Entry[];
}

/** `explain -o json`. */
export interface ExplainDocument extends Head {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly verdict: string;
  readonly reasons: readonly Reason[];
  readonly conditions: readonly Condition[];
  readonly determinedBy: readonly (Ref | { readonly profile: string })[];
  readonly points: readonly {
    readonly at: string;
    readonly kind: string;
    readonly verdict: string;
    readonly stages: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly refs: readonly Ref[];
    }[];
  }[];
}

interface Share {
  readonly isolated: number;
  readonly of: number;
}

/** Workloads by direction and scope. */
type ExposureCounts = Readonly<
  Record<
    "ingress" | "egress",
    Readonly<Record<"outside" | "cluster" | "namespace" | "selected", number>>
  >
>;

/** `scan -o json`. */
export interface ScanDocument extends Head {
  readonly counts: {
    readonly namespaces: number;
    readonly workloads: number;
    readonly pods: number;
    readonly services: number;
    readonly policies: Readonly<Record<string, number>>;
  };
  readonly isolation: { readonly ingress: Share; readonly egress: Share };
  readonly coverage: readonly {
    readonly namespace: string;
    readonly workloads: number;
    readonly ingress: boolean;
    readonly egress: boolean;
  }[];
  readonly exposure: ExposureCounts & {
    readonly namespaces: readonly (ExposureCounts & { readonly namespace: string })[];
  };
  readonly openness: {
    readonly toAnyAddress: readonly string[];
    readonly fromAnyAddress: readonly string[];
  };
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly subject: string;
    readonly text: string;
    readonly refs: readonly Ref[];
    readonly fingerprint: string;
  }[];
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly file: string;
    readonly line: number;
    readonly text: string;
  }[];
}
