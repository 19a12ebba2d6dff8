import type { Profile } from "../board.ts";
import { KUBERNETES } from "./kubernetes.ts";

/** Flannel without its policy container, and every other engine that enforces nothing: all policies are inert, so that no stage decides and everything passes. */
export const FLANNEL: Profile = {
  ...KUBERNETES,
  name: "flannel",
  about:
    "flannel, and whatever else enforces nothing: policies are declared, and everything passes",
  switches: { ...KUBERNETES.switches, networkPolicies: false, adminKinds: "none" },
};
