import type { Profile, Switches } from "../board.ts";
import { KUBERNETES } from "./kubernetes.ts";
import { OWN_NODE_PERHAPS } from "./upstream.ts";

/** An engine that enforces NetworkPolicy, and of which nobody has read how: what engines do differently is open, as where the text of the APIs leaves it to them, and so is what the text demands of them beside the rules of policies. */
export function unreadEngine(
  name: string,
  about: string,
  adminKinds: Switches["adminKinds"],
): Profile {
  return {
    name,
    engine: "upstream",
    about,
    switches: { ...KUBERNETES.switches, adminKinds, ownNode: "perhaps" },
    boards: KUBERNETES.boards,
    builtins: [OWN_NODE_PERHAPS],
  };
}
