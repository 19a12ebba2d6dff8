import type { Cluster } from "../../model/index.ts";
import type { Profile } from "../board.ts";
import { AWS_VPC_CNI } from "./aws-vpc-cni.ts";
import { AZURE } from "./azure.ts";
import { ANTREA } from "./antrea.ts";
import { CALICO } from "./calico.ts";
import { chooseProfile } from "./detect/choose-profile.ts";
import { FLANNEL } from "./flannel.ts";
import { GKE_DATAPLANE_V2 } from "./gke-dataplane-v2.ts";
import { KUBE_NETWORK_POLICIES } from "./kube-network-policies.ts";
import { KUBERNETES } from "./kubernetes.ts";
import { OVN_KUBERNETES } from "./ovn-kubernetes.ts";

/** Every profile by name. */
export const PROFILES: Readonly<Record<string, Profile>> = Object.fromEntries(
  [
    KUBERNETES,
    KUBE_NETWORK_POLICIES,
    CALICO,
    ANTREA,
    OVN_KUBERNETES,
    AWS_VPC_CNI,
    AZURE,
    GKE_DATAPLANE_V2,
    FLANNEL,
  ].map((profile) => [profile.name, profile]),
);

/** The profile to take without being told, and why. */
export function detectProfile(cluster: Cluster): {
  readonly profile: Profile;
  readonly why: string;
} {
  const { name, why } = chooseProfile(cluster, new Set(Object.keys(PROFILES)));
  return { profile: PROFILES[name] ?? KUBERNETES, why };
}
