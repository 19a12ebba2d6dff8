import type { Profile, Switches } from "../board.ts";
import { KUBERNETES } from "./kubernetes.ts";
import {
  OWN_NODE_PERHAPS,
  OWN_NODE_STAGE,
  adminStage,
  baselineStage,
  networkPolicyStage,
} from "./upstream.ts";

/** An engine that enforces NetworkPolicy, and of which nobody has read how: what engines do differently is open, as where the text of the APIs leaves it to them, and so is what the text demands of them beside the rules of policies. */
export function unreadEngine(
  name: string,
  about: string,
  adminKinds: Switches["adminKinds"],
): Profile {
  const stages =
    adminKinds === "none"
      ? [networkPolicyStage("unclear")]
      : [adminStage("undefined"), networkPolicyStage("unclear"), baselineStage("undefined")];
  return {
    name,
    about,
    switches: { ...KUBERNETES.switches, adminKinds, ownNodeAllowed: "unclear" },
    boards: {
      "workload-egress": { stages, final: "Allow" },
      "workload-ingress": { stages: [OWN_NODE_STAGE, ...stages], final: "Allow" },
    },
    builtins: [OWN_NODE_PERHAPS],
  };
}
