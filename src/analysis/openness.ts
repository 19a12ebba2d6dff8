import type { Direction, Workload } from "../model/index.ts";
import type { Outlook, RuleRef } from "../policy/index.ts";

/** What is open to every address outside of a family, on some port, for certain. */
export type Openness = Readonly<Record<Direction, OpenWorkloads>>;

/** The open workloads of one direction, and the rules that open them. */
export interface OpenWorkloads {
  /** Ids, in the order of the cluster. */
  readonly workloads: readonly string[];
  /** By policy and rule; those that open most come first. A workload that nothing restricts is opened by none. */
  readonly rules: readonly OpenRule[];
}

/** A rule, and the ids of the workloads that it opens. */
export interface OpenRule {
  readonly ref: RuleRef;
  readonly workloads: readonly string[];
}

/** The openness of workloads. */
export function assessOpenness(workloads: readonly Workload[], outlook: Outlook): Openness {
  const of = (direction: Direction): OpenWorkloads => openWorkloads(workloads, outlook, direction);
  return { ingress: of("ingress"), egress: of("egress") };
}

function openWorkloads(
  workloads: readonly Workload[],
  { openTo }: Outlook,
  direction: Direction,
): OpenWorkloads {
  const ids: string[] = [];
  const rules = new Map<string, { readonly ref: RuleRef; readonly workloads: string[] }>();
  for (const workload of workloads) {
    const openers = workload.pods.map((pod) => openTo(pod, direction));
    if (openers.every((refs) => refs === undefined)) continue;
    ids.push(workload.id);
    for (const ref of openers.flatMap((refs) => refs ?? [])) {
      const key = `${ref.policy} ${ref.rule}`;
      const entry = rules.get(key) ?? { ref, workloads: [] };
      if (entry.workloads.at(-1) !== workload.id) entry.workloads.push(workload.id);
      rules.set(key, entry);
    }
  }
  const sorted = [...rules.values()].toSorted((a, b) => b.workloads.length - a.workloads.length);
  return { workloads: ids, rules: sorted };
}
