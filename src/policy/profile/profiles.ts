import type { Cluster } from "../../model/index.ts";
import type { Profile } from "../board.ts";
import { KUBE_NETWORK_POLICIES } from "./kube-network-policies.ts";
import { KUBERNETES } from "./kubernetes.ts";

/** Every profile by name. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  [KUBERNETES.name]: KUBERNETES,
  [KUBE_NETWORK_POLICIES.name]: KUBE_NETWORK_POLICIES,
};

/** The profile to take without being told, and why. */
export function detectProfile(cluster: Cluster): {
  readonly profile: Profile;
  readonly why: string;
} {
  const workload = cluster.workloads.find(
    ({ kind, name }) => kind === "DaemonSet" && name === KUBE_NETWORK_POLICIES.name,
  );
  if (workload !== undefined) {
    return { profile: KUBE_NETWORK_POLICIES, why: `\`${workload.id}\` is among the objects` };
  }
  return { profile: KUBERNETES, why: "no engine was recognised among the objects" };
}
