import type { Direction, Origin, Path, Workload } from "../model/index.ts";
import {
  type CompiledPolicies,
  type RuleRef,
  compareRefs,
  createOutlook,
  placeOf,
} from "../policy/index.ts";
import { type Finding, findDeadAnnotations, findIdlePolicies } from "./findings.ts";

/** How well a cluster is segmented, in numbers and findings. */
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
  /** Workloads that may send to, or be reached from, any address outside. */
  readonly openness: {
    readonly toAnyAddress: readonly string[];
    readonly fromAnyAddress: readonly string[];
  };
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** The coverage of one namespace. */
export interface Coverage {
  readonly namespace: string;
  readonly workloads: number;
  readonly ingress: boolean;
  readonly egress: boolean;
}

/** Assesses the posture of a cluster under its policies; with `only` of one namespace. */
export function assessPosture(compiled: CompiledPolicies, only?: string): Posture {
  const { cluster } = compiled;
  const isMeant = ({ namespace }: { readonly namespace: string }): boolean =>
    only === undefined || namespace === only;
  const workloads = cluster.workloads.filter(isMeant);
  const namespaces = [...cluster.namespaces.keys()].filter((namespace) => isMeant({ namespace }));
  const outlook = createOutlook(compiled);
  const open = (direction: Direction): Open =>
    openWorkloads(workloads, (workload) =>
      workload.pods.map((pod) => outlook.openTo(pod, direction)),
    );
  const [ingress, egress] = [open("ingress"), open("egress")];
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
    openness: { toAnyAddress: egress.workloads, fromAnyAddress: ingress.workloads },
    findings: [
      ...openRules(compiled, [egress, ingress]),
      ...findDeadAnnotations(cluster).filter(({ subject }) => concerns(subject, only)),
      ...findIdlePolicies(compiled).filter(({ subject }) => concerns(subject, only)),
    ],
  };
}

/** Whether a finding's subject is of the namespace, or of all of them. */
function concerns(subject: string, only: string | undefined): boolean {
  if (only === undefined || subject === `Namespace/${only}`) return true;
  return subject.includes(`/${only}/`) || subject.startsWith("policy.networking.k8s.io/");
}

interface Open {
  /** Sorted ids. */
  readonly workloads: readonly string[];
  /** The workloads that each rule opens, by policy and rule. */
  readonly rules: ReadonlyMap<
    string,
    { readonly ref: RuleRef; readonly workloads: readonly string[] }
  >;
}

function openWorkloads(
  workloads: readonly Workload[],
  openersOf: (workload: Workload) => readonly (readonly RuleRef[] | undefined)[],
): Open {
  const ids: string[] = [];
  const rules = new Map<string, { readonly ref: RuleRef; readonly workloads: string[] }>();
  for (const workload of workloads) {
    const openers = openersOf(workload);
    if (openers.every((refs) => refs === undefined)) continue;
    ids.push(workload.id);
    for (const ref of openers.flatMap((refs) => refs ?? [])) {
      const key = `${ref.policy} ${ref.rule}`;
      const entry = rules.get(key) ?? { ref, workloads: [] };
      if (!entry.workloads.includes(workload.id)) entry.workloads.push(workload.id);
      rules.set(key, entry);
    }
  }
  return { workloads: ids, rules };
}

/** One finding for each policy that opens workloads to all addresses; those that open most come first. */
function openRules(compiled: CompiledPolicies, opens: readonly Open[]): readonly Finding[] {
  const entries = opens.flatMap(({ rules }) => [...rules.values()]);
  const byPolicy = Map.groupBy(entries, ({ ref }) => ref.policy);
  const findings = [...byPolicy].map(([policy, rules]) => {
    const list = rules.toSorted((a, b) => compareRefs(a.ref, b.ref));
    const affected = new Set(list.flatMap(({ workloads }) => workloads)).size;
    const said = list.map(({ ref, workloads }) => {
      const way = ref.rule?.startsWith("egress") === true ? "may send to" : "may be reached from";
      return `${ref.rule}: ${count(workloads.length, "workload")} ${way} any address`;
    });
    const finding: Finding = {
      id: "allows-any-address",
      severity: "high",
      subject: policy,
      text: said.join("; "),
      places: list.flatMap(({ ref }) => placeOfRef(compiled, ref)),
      fingerprint: `allows-any-address:${policy}`,
    };
    return { finding, affected };
  });
  return findings
    .toSorted((a, b) => b.affected - a.affected || (a.finding.subject < b.finding.subject ? -1 : 1))
    .map(({ finding }) => finding);
}

function placeOfRef(
  compiled: CompiledPolicies,
  { policy, rule }: RuleRef,
): readonly (RuleRef & { readonly origin: Origin; readonly path: Path })[] {
  const place = placeOf(compiled, { policy, rule });
  return place === undefined ? [] : [{ policy, rule, ...place }];
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
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
