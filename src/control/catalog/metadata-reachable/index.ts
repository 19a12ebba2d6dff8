import { type Address, containsAddress, parseAddress } from "../../../base/index.ts";
import type { Edit, Workload } from "../../../model/index.ts";
import { type RuleRef, evaluate, portTraffic } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Evidence } from "../../evidence.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import type { RuleSource } from "../../rule-source.ts";
import { namesText } from "../../words.ts";

/** The address at which clouds hand out credentials of the machine. */
const METADATA = "169.254.169.254";
const ADDRESS: Address = parseAddress(METADATA)!;
const RANGE = `${METADATA}/32`;

/** What lets workloads ask the cloud's metadata service. */
export const control: Control = {
  id: "metadata-reachable",
  family: "policy",
  title: "No workload reaches the cloud's metadata service",
  severity: "high",
  rationale:
    "In the clouds 169.254.169.254 hands out the machine's credentials to whoever asks over plain HTTP. A workload that can be made to send a request anywhere gives them away.",
  remediation:
    "Deny egress by default, and leave 169.254.169.254 out of every range that is allowed.",
  references: ["NP-6", "CNP-7"],
  check: (evidence) => {
    const { byRule, unrestricted } = whoReaches(evidence);
    const byPolicy = Map.groupBy(byRule, ({ source }) => source.policy);
    return [
      ...[...byPolicy].map(([policy, list]) => {
        const names = namesText([...new Set(list.flatMap(({ workloads }) => workloads))]);
        const rules = namesText(list.map(({ source }) => source.name));
        const edits = list.map(({ source }) => exceptionsOf(source));
        return {
          subject: policy.id,
          namespace: namespaceOfPolicy(policy.id),
          text: `${rules} ${list.length === 1 ? "lets" : "let"} ${names} reach ${METADATA}`,
          places: list.map(({ source }) => source.place),
          fix: `leave \`${RANGE}\` out of what ${rules} ${list.length === 1 ? "allows" : "allow"}`,
          ...(edits.every((each) => each !== undefined)
            ? { edits: edits.flat(), changes: "closes" as const }
            : {}),
        };
      }),
      ...[...Map.groupBy(unrestricted, ({ namespace }) => namespace)].map(([namespace, list]) => {
        const names = namesText(list.map(({ id }) => id));
        const places = list.slice(0, 3).map(({ origin, pods }) => ({
          origin: origin ?? pods[0]!.origin,
          path: [],
        }));
        return {
          subject: `Namespace/${namespace}`,
          namespace,
          severity: "medium" as const,
          text: `nothing restricts the egress of ${names}: ${METADATA} is reached`,
          places,
          fix: `deny egress by default in \`${namespace}\``,
        };
      }),
    ];
  },
};

interface Reaching {
  readonly byRule: readonly {
    readonly source: RuleSource;
    readonly workloads: readonly string[];
  }[];
  readonly unrestricted: readonly Workload[];
}

/** Asks once for each group of pods that the same policies select. */
function whoReaches({ compiled, cluster, sources }: Evidence): Reaching {
  const { classes, groupOf } = compiled;
  const [traffic] = portTraffic("TCP", 80, 80);
  const known = new Map<number, readonly RuleRef[] | undefined>();
  const bySource = new Map(sources().map((each) => [`${each.policy.id} ${each.name}`, each]));
  const byRule = new Map<string, { readonly source: RuleSource; readonly workloads: string[] }>();
  const unrestricted: Workload[] = [];
  for (const workload of cluster.workloads) {
    let isBare = false;
    for (const pod of workload.pods) {
      const number = classes.ofPod.get(pod)!;
      if (pod.hostNetwork || (classes.classes[number]!.families & 1) === 0) continue;
      const group = groupOf["workload-egress"][number]!;
      if (!known.has(group)) {
        const source = { kind: "pod", workload, pod } as const;
        const destination = { kind: "outside", address: ADDRESS } as const;
        const ends = { source, destination, family: 4, facts: [], traffic: traffic! } as const;
        const { verdict, determinedBy } = evaluate(compiled, ends);
        known.set(group, verdict === "allow" ? determinedBy : undefined);
      }
      const refs = known.get(group);
      if (refs === undefined) continue;
      isBare ||= refs.length === 0;
      for (const { policy, rule } of refs) {
        const key = `${policy} ${rule}`;
        const source = bySource.get(key);
        if (source === undefined) continue;
        const entry = byRule.get(key) ?? { source, workloads: [] };
        if (entry.workloads.at(-1) !== workload.id) entry.workloads.push(workload.id);
        byRule.set(key, entry);
      }
    }
    if (isBare) unrestricted.push(workload);
  }
  return { byRule: [...byRule.values()], unrestricted };
}

/** Takes the address out of each range of a rule that holds it; nothing if the rule allows it otherwise too. */
function exceptionsOf({ blocks, compiled, policy }: RuleSource): readonly Edit[] | undefined {
  if (compiled.rule.peers.some(({ kind }) => kind === "any")) return undefined;
  const edits: Edit[] = [];
  for (const { block, path } of blocks) {
    if (!containsAddress([block.cidr], ADDRESS)) continue;
    if (block.except.some((range) => containsAddress([range], ADDRESS))) continue;
    // An exception must be smaller than its range.
    if (block.cidr.first === block.cidr.last) return undefined;
    const { origin } = policy;
    edits.push({ kind: "append", origin, path: [...path, "except"], value: RANGE });
  }
  return edits.length === 0 ? undefined : edits;
}
