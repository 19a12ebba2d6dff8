import type { Profile } from "../board.ts";
import { unreadEngine } from "./unread-engine.ts";

/** Azure Network Policy Manager. */
export const AZURE: Profile = unreadEngine(
  "azure",
  "Azure Network Policy Manager: NetworkPolicy; what engines do differently has not been read of it and is `depends`",
  "none",
);
