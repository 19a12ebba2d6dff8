import assert from "node:assert/strict";

import {
  type IntervalSet,
  intersect,
  interval,
  intervalSet,
  subtract,
  union,
} from "../../src/base/index.ts";

/** Traffic of the contract on a line of this file's own: a region of 65536 for each protocol, in the order in which items stand. */
const NAMES = ["tcp", "udp", "sctp", "icmp", "icmpv6", "proto"] as const;
type Name = (typeof NAMES)[number];
const SIZE = 65_536;

function regionOf(name: Name): IntervalSet {
  const base = NAMES.indexOf(name) * SIZE;
  if (name.startsWith("icmp")) return interval(base, base + SIZE - 1);
  if (name !== "proto") return interval(base + 1, base + SIZE - 1);
  // TCP, UDP, SCTP and both ICMPs have items of their own.
  const own = [1, 6, 17, 58, 132].flatMap((number) => [base + number, base + number]);
  return subtract(interval(base, base + 255), intervalSet(own));
}

/** Everything that can be sent over the families: 1 IPv4, 2 IPv6, 3 both. */
export function universeOf(families: number): IntervalSet {
  const without = families === 1 ? regionOf("icmpv6") : families === 2 ? regionOf("icmp") : [];
  const all = NAMES.reduce<IntervalSet>((sum, name) => union(sum, regionOf(name)), []);
  return subtract(all, without);
}

/** Reads a list of `ports` and asserts that it is written as the contract says: sorted, merged, disjoint, whole protocols by their name, `all` alone. */
export function readPorts(ports: readonly string[], families: number): IntervalSet {
  assert.notEqual(ports.length, 0, "an entry without traffic");
  const universe = universeOf(families);
  if (ports.includes("all")) {
    assert.deepEqual(ports, ["all"], "`all` stands alone");
    return universe;
  }
  let sum: IntervalSet = [];
  let end = -1;
  let before: Name | undefined;
  for (const item of ports) {
    const { name, set } = readItem(item);
    assert.ok(set[0]! > end, `${item} does not stand behind what is before it in ${ports.join()}`);
    assert.deepEqual(intersect(set, universe), set, `${item} cannot be sent between these ends`);
    const isWhole = item === name || name.startsWith("icmp");
    assert.ok(
      isWhole || set[0]! > end + 1 || name !== before,
      `${item} is not merged in ${ports.join()}`,
    );
    sum = union(sum, set);
    end = set.at(-1)!;
    before = name;
  }
  for (const name of NAMES) {
    const whole = regionOf(name).every(
      (bound, index) => intersect(sum, regionOf(name))[index] === bound,
    );
    assert.equal(ports.includes(name), whole, `${name} in ${ports.join()}`);
    if (whole) assert.ok(!ports.some((item) => item.startsWith(`${name}/`)), ports.join());
  }
  assert.notDeepEqual(sum, universe, `${ports.join()} is \`all\``);
  return sum;
}

function readItem(item: string): { readonly name: Name; readonly set: IntervalSet } {
  const match = /^([a-z0-9]+)(?:\/(\d+)(?:-(\d+)|\/(\d+)(?:-(\d+))?)?)?$/u.exec(item);
  const name = NAMES.find((each) => each === match?.[1]);
  assert.ok(match !== null && name !== undefined, `no item of ports: ${item}`);
  const [first, last, code, lastCode] = match
    .slice(2, 6)
    .map((text) => (text === undefined ? undefined : Number(text)));
  const base = NAMES.indexOf(name) * SIZE;
  if (first === undefined) return { name, set: regionOf(name) };
  assert.ok(last === undefined || last > first, `a range of one in ${item}`);
  assert.ok(lastCode === undefined || lastCode > code!, `a range of one in ${item}`);
  if (!name.startsWith("icmp")) {
    assert.equal(code, undefined, `only ICMP has codes: ${item}`);
    const set = interval(base + first, base + (last ?? first));
    assert.deepEqual(intersect(set, regionOf(name)), set, `${item} is out of range`);
    return { name, set };
  }
  assert.ok(last === undefined && first <= 255 && (code ?? 0) <= 255, `no ICMP: ${item}`);
  assert.ok(code !== 0 || lastCode !== 255, `${item} is \`${name}/${first}\``);
  const at = base + first * 256;
  return { name, set: interval(at + (code ?? 0), at + (lastCode ?? code ?? 255)) };
}
