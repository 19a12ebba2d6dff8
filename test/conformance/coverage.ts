import { readCases } from "./cases.ts";

/** What covers a rule that decides no verdict by itself: the tables with a case for it, or a test. */
export function caseCoverage(id: string): readonly string[] {
  const files = readCases()
    .filter(({ rules }) => rules.includes(id))
    .map(({ file }) => `test/conformance/${file}`);
  return [...new Set([...files, ...(OTHER_TESTS[id] ?? [])])];
}

/** Rules about reading: which objects are endpoints, and which forms are accepted. */
const OTHER_TESTS: Readonly<Record<string, readonly string[]>> = {
  "NP-10": ["src/model/cluster-builder.test.ts"],
  "CNP-12": ["src/model/parse-admin-policy.test.ts"],
};
