import type { Cluster } from "../../model/index.ts";
import type { Profile } from "../board.ts";
import { chooseProfile } from "./detect/choose-profile.ts";
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
  const { name, why } = chooseProfile(cluster, new Set(Object.keys(PROFILES)));
  return { profile: PROFILES[name] ?? KUBERNETES, why };
}
