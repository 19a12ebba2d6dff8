export {
  EMPTY,
  type IntervalSet,
  contains,
  equals,
  intersect,
  interval,
  intervalSet,
  isSubset,
  subtract,
  union,
} from "./interval-set.ts";
export { once } from "./once.ts";
export { nearest } from "./nearest.ts";
export { shown } from "./shown.ts";
export { type ValibotModule, exactObject, oneOf } from "./strict-schema.ts";
export {
  type Address,
  type Family,
  familiesOf,
  formatAddress,
  lastOf,
  parseAddress,
} from "./address.ts";
export {
  type AddressRange,
  type AddressSet,
  EVERYWHERE,
  addressRange,
  addressSet,
  containsAddress,
  formatRange,
  isWithin,
  ofFamily,
  overlaps,
  parseCidr,
  parseRange,
  subtractAddresses,
  wholeFamily,
} from "./address-set.ts";
