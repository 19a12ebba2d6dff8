import type { Profile } from "../board.ts";
import { unreadEngine } from "./unread-engine.ts";

/** GKE's Dataplane V2, always on. Cilium is inside, of which version and how it is changed has not been read: what was measured of Cilium is not taken for it. */
export const GKE_DATAPLANE_V2: Profile = unreadEngine(
  "gke-dataplane-v2",
  "GKE Dataplane V2: NetworkPolicy; what engines do differently has not been read of it, though Cilium is inside, and is `depends`",
  "none",
);
