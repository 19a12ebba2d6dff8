import type { Workload } from "../model/index.ts";
import type { CompiledPolicies } from "../policy/index.ts";

/** The workloads behind classes of endpoints: those with a pod in one of them, in the order of the cluster. */
export type WorkloadsOf = (classes: Iterable<number>) => readonly Workload[];

/** Finds the workloads of classes; every pod is looked at once, when it is made. */
export function createWorkloadsOf({ cluster, classes }: CompiledPolicies): WorkloadsOf {
  const byClass = new Map<number, Workload[]>();
  for (const workload of cluster.workloads) {
    for (const pod of workload.pods) {
      const number = classes.ofPod.get(pod)!;
      const list = byClass.get(number);
      if (list === undefined) byClass.set(number, [workload]);
      else if (list.at(-1) !== workload) list.push(workload);
    }
  }
  return (numbers) => {
    const found = new Map<string, Workload>();
    for (const number of numbers) {
      for (const workload of byClass.get(number) ?? []) found.set(workload.id, workload);
    }
    return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  };
}
