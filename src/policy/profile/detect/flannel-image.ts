/** The images of flannel's daemon, with a tag or without. */
export const FLANNEL_IMAGE: RegExp =
  /(?:^|[/_-])(?:flannel(?:-io)?[/_-]+flannel|coreos[/_-]+flannel|hardened-flannel)(?:[:@].*)?$/u;
