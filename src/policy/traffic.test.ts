import assert from "node:assert/strict";
import { test } from "node:test";

import { union } from "../base/index.ts";
import { type Traffic, formatTraffic, parseTraffic } from "./traffic.ts";

const ITEMS =
  "tcp tcp/1 tcp/80 tcp/1-1023 udp udp/53-60 sctp sctp/65535 icmp icmp/8 icmp/3/4 icmp/3/1-5 icmpv6 icmpv6/128 icmpv6/0/0 proto proto/112 proto/0 proto/59-100 all".split(
    " ",
  );

test("an item of traffic reads as it is written", () => {
  for (const item of ITEMS) {
    const traffic = parseTraffic(item);
    assert.ok(typeof traffic !== "string", item);
    assert.deepEqual(formatTraffic(traffic), [item]);
  }
  const several = ["tcp/80", "tcp/443", "udp", "icmp/8"];
  const sum = several.reduce<Traffic>((all, item) => union(all, parseTraffic(item) as Traffic), []);
  assert.deepEqual(formatTraffic(sum), several);
});

test("what is no traffic is said", () => {
  const bad =
    "tcp/0 tcp/65536 tcp/80/1 tcp/90-80 tcp/x tcpp TCP/80 80 icmp/256 icmp/3/256 icmp/3-4/1 icmp/8-7 proto/6 proto/256 proto/1/2 tcp/ all/1".split(
      " ",
    );
  for (const item of bad) assert.equal(typeof parseTraffic(item), "string", item);
});
