import assert from "node:assert/strict";
import { describe, test } from "node:test";

import fc from "fast-check";

import {
  type AddressSet,
  addressSet,
  containsAddress,
  formatRange,
  isWithin,
  overlaps,
  parseCidr,
  subtractAddresses,
} from "./address-set.ts";
import { formatAddress, parseAddress } from "./address.ts";

describe("addresses", () => {
  const accepted: readonly (readonly [string, string])[] = [
    ["0.0.0.0", "0.0.0.0"],
    ["203.0.113.7", "203.0.113.7"],
    ["::", "::"],
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ];
  for (const [text, canonical] of accepted) {
    test(`reads ${text}`, () => assert.equal(formatAddress(parseAddress(text)!), canonical));
  }
  for (const text of ["", "1.2.3", "01.2.3.4", "256.1.1.1", "1::2::3", "fe80::1%eth0", ":1", "g::"])
    test(`refuses \`${text}\``, () => assert.equal(parseAddress(text), undefined));

  test("what is written is read again", () => {
    const family = fc.constantFrom(4 as const, 6 as const);
    const value = fc.bigInt(0n, (1n << 128n) - 1n);
    fc.assert(
      fc.property(family, value, (of, raw) => {
        const address = { family: of, value: of === 4 ? raw & 0xffff_ffffn : raw };
        if (of === 6 && address.value >> 32n === 0xffffn) return; // is that IPv4 address
        assert.deepEqual(parseAddress(formatAddress(address)), address);
      }),
    );
  });
});

/** The members of both families, one by one. */
function textsOf(value: AddressSet): ReadonlySet<string> {
  const out = new Set<string>();
  for (const family of [4, 6] as const)
    for (let at = 0n; at < 50n; at++)
      if (containsAddress(value, { family, value: at })) out.add(`${family}/${at}`);
  return out;
}

describe("ranges", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:db8::1/32", "2001:db8::/32"],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
    ["10.0.0.0", undefined],
    ["10.0.0.0/33", undefined],
    ["10.0.0.0/08", undefined],
    ["::/129", undefined],
  ];
  for (const [text, canonical] of cases) {
    test(`${text} is ${canonical ?? "no range"}`, () => {
      const range = parseCidr(text);
      assert.equal(range === undefined ? undefined : formatRange(range), canonical);
    });
  }

  const set: fc.Arbitrary<AddressSet> = fc
    .array(fc.tuple(fc.constantFrom(4 as const, 6 as const), fc.nat(40), fc.nat(6)), {
      maxLength: 6,
    })
    .map((list) =>
      addressSet(
        list.map(([family, first, size]) => ({
          family,
          first: BigInt(first),
          last: BigInt(first + size),
        })),
      ),
    );
  test("difference, inclusion and overlap are those of the members", () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [inA, inB] = [textsOf(a), textsOf(b)];
        assert.deepEqual(textsOf(subtractAddresses(a, b)), inA.difference(inB));
        assert.equal(isWithin(a, b), inA.isSubsetOf(inB));
        assert.equal(overlaps(a, b), !inA.isDisjointFrom(inB));
      }),
    );
  });
});
