import type { Profile } from "../board.ts";
import { detectEngines } from "./detect/detect-engines.ts";
import { FLANNEL } from "./flannel.ts";
import { unreadEngine } from "./unread-engine.ts";

/** With its policy agent on, as far as anybody knows. */
const ON: Profile = unreadEngine(
  "aws-vpc-cni",
  "the VPC CNI of AWS with its policy agent on: NetworkPolicy; what engines do differently has not been read of it and is `depends`",
  "none",
);

/** Where the cluster's own configuration says that it enforces nothing. */
const OFF: Profile = {
  ...FLANNEL,
  name: ON.name,
  about: "the VPC CNI of AWS with its policy agent off: policies are accepted and enforce nothing",
};

/** The VPC CNI of AWS with its policy agent, and EKS Auto Mode, which is it too. It is shipped with enforcement off: where a cluster's objects say so, it enforces nothing. */
export const AWS_VPC_CNI: Profile = {
  ...ON,
  configure(cluster) {
    const found = detectEngines(cluster).engines.filter(({ profile }) => profile === ON.name);
    const isOff = found.length > 0 && found.every(({ enforcement }) => enforcement === "off");
    return isOff ? OFF : ON;
  },
};
