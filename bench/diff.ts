// Reads one or two snapshots, then says how many seconds it takes to compile both states and compare them; of one snapshot the second state is the first with one edited policy.
import { diffStates } from "../src/analysis/index.ts";
import { readCluster } from "../src/files/index.ts";
import { PROFILES, compilePolicies } from "../src/policy/index.ts";

const [first = "", second] = process.argv.slice(2);
const { cluster } = await readCluster([first]);
const policies = cluster.networkPolicies;
const at = policies.findIndex(({ ingress }) => ingress.length > 0);
const edited = { ...policies[at]!, ingress: policies[at]!.ingress.slice(1) };
const head =
  second === undefined
    ? { ...cluster, networkPolicies: policies.with(at, edited) }
    : (await readCluster([second])).cluster;
const start = performance.now();
const profile = PROFILES["kubernetes"]!;
const { changes, counters } = diffStates(
  compilePolicies(cluster, profile),
  compilePolicies(head, profile),
);
const seconds = (performance.now() - start) / 1000;
console.log(`${changes.length} changes, ${JSON.stringify(counters)}`);
console.log(`seconds ${seconds.toFixed(3)}`);
