import type { Profile } from "../board.ts";
import { unreadEngine } from "./unread-engine.ts";

/** OVN-Kubernetes, of OpenShift and others. Its EgressFirewall is another kind, which is not read. */
export const OVN_KUBERNETES: Profile = unreadEngine(
  "ovn-kubernetes",
  "OVN-Kubernetes: NetworkPolicy and the admin policies of v1alpha1; what engines do differently has not been read of it and is `depends`",
  "v1alpha1",
);
