import type { Profile } from "../board.ts";
import { FLANNEL } from "./flannel.ts";
import { unreadEngine } from "./unread-engine.ts";

/** The VPC CNI of AWS with its policy agent, and EKS Auto Mode. It is shipped with enforcement off. */
export const AWS_VPC_CNI: Profile = unreadEngine(
  "aws-vpc-cni",
  "the VPC CNI of AWS with its policy agent on: NetworkPolicy; what engines do differently has not been read of it and is `depends`",
  "none",
);

/** The same where the cluster's own configuration says that it enforces nothing, as it is shipped. */
export const AWS_VPC_CNI_OFF: Profile = {
  ...FLANNEL,
  name: AWS_VPC_CNI.name,
  about: "the VPC CNI of AWS with its policy agent off: policies are accepted and enforce nothing",
};
