import { readCases } from "./cases.ts";

/** Rules that can decide a verdict. */
export const DECIDING: readonly string[] =
  "NP-1 NP-2 NP-3 NP-4 NP-5 NP-6 NP-7 NP-8 NP-9 NP-11 NP-12 CNP-1 CNP-2 CNP-3 CNP-4 CNP-5 CNP-6 CNP-7 CNP-8 CNP-9 CNP-10 CNP-11 CNP-13 CAL-1 CAL-2 CAL-3 CAL-5 CAL-7 CAL-8 CAL-9 CAL-10 CAL-11 CAL-12 CAL-13 CAL-14 CAL-16 CAL-17".split(
    " ",
  );

/** Rules about reading: which objects are endpoints, and which forms are accepted. */
export const READING: readonly string[] = ["NP-10", "NP-13", "CNP-12", "CAL-4", "CAL-6", "CAL-15"];

/** Each rule that decides no verdict by itself, with what covers it. */
export function coverageLines(): readonly string[] {
  return READING.map((id) => `  ${id.padEnd(7)} ${caseCoverage(id).join(", ")}`);
}

/** What covers a rule that decides no verdict by itself: the tables with a case for it, or a test. */
export function caseCoverage(id: string): readonly string[] {
  const files = readCases()
    .filter(({ rules }) => rules.includes(id))
    .map(({ file }) => `test/conformance/${file}`);
  return [...new Set([...files, ...(OTHER_TESTS[id] ?? [])])];
}

const OTHER_TESTS: Readonly<Record<string, readonly string[]>> = {
  "NP-10": ["src/model/cluster-builder.test.ts"],
  "CNP-12": ["src/model/read-admin-policy.test.ts"],
};
