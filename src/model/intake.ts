import type { Cluster, Namespace, OtherObject } from "./cluster.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { type Duplicates, createDuplicates } from "./duplicates.ts";
import { type Interner, createInterner } from "./intern.ts";
import type { Locate, Origin } from "./origin.ts";
import type { AdminPolicy, NetworkPolicy } from "./policy-objects.ts";
import type { Raw } from "./raw.ts";
import type { Controller, LivePod } from "./workload-tree.ts";

/** An object whose identity is known. */
export interface Found {
  readonly raw: Raw;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The namespace as it was written. */
  readonly given: string | undefined;
  readonly origin: Origin;
}

/** What has been read so far. */
export interface Intake {
  readonly report: (diagnostic: Diagnostic) => void;
  readonly locate: Locate;
  readonly duplicates: Duplicates;
  readonly interner: Interner;
  readonly namespaces: Map<string, Namespace>;
  /** Namespaces that objects use, with the first object that does. */
  readonly used: Map<string, Origin>;
  readonly controllers: Controller[];
  readonly pods: LivePod[];
  readonly networkPolicies: NetworkPolicy[];
  readonly adminPolicies: AdminPolicy[];
  readonly others: OtherObject[];
  readonly lists: Lists;
  objects: number;
}

/** Objects of the plain kinds. */
export interface Lists {
  readonly nodes: Cluster["nodes"][number][];
  readonly services: Cluster["services"][number][];
  readonly endpointSlices: Cluster["endpointSlices"][number][];
  readonly ingresses: Cluster["ingresses"][number][];
  readonly configMaps: Cluster["configMaps"][number][];
  readonly serviceAccounts: Cluster["serviceAccounts"][number][];
}

/** Nothing read so far. */
export function createIntake(report: Intake["report"], locate: Locate): Intake {
  return {
    report,
    locate,
    duplicates: createDuplicates(report, (origin) => locate(origin, [])),
    interner: createInterner(),
    namespaces: new Map(),
    used: new Map(),
    controllers: [],
    pods: [],
    networkPolicies: [],
    adminPolicies: [],
    others: [],
    lists: {
      nodes: [],
      services: [],
      endpointSlices: [],
      ingresses: [],
      configMaps: [],
      serviceAccounts: [],
    },
    objects: 0,
  };
}
