import {
  type Counterexample,
  type Intent,
  type IntentKind,
  type IntentVerdict,
  type Zone,
  hasMembers,
  hostsBeside,
  judgeIntent,
  nameOfIntent,
  namedAddresses,
  statementOf,
  surveyLandscape,
} from "../analysis/index.ts";
import type { Diagnostic } from "../model/index.ts";
import { type PlacedReason, placeReasons } from "./explain-connection.ts";
import { type PlacedRef, type Session, placeRefs } from "./session.ts";

/** A statement with its place. */
export interface StatedIntent {
  readonly intent: Intent;
  readonly file: string;
  readonly line: number;
}

/** An entry of another tool's file that cannot be expressed as a statement, and why. */
export interface RefusedIntent {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly why: string;
}

/** What `test` is asked to hold a cluster to. */
export interface IntentSuite {
  readonly zones: readonly (Zone & { readonly file: string; readonly line: number })[];
  readonly intents: readonly StatedIntent[];
  readonly refused: readonly RefusedIntent[];
}

/** What `test` tells. */
export interface TestResult {
  readonly profile: string;
  readonly incomplete: boolean;
  readonly counts: Readonly<Record<"met" | "unmet" | "notEvaluable", number>>;
  /** In the order in which they stand in their files. */
  readonly intents: readonly IntentOutcome[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What became of one statement. */
export interface IntentOutcome extends Pick<IntentVerdict, "state" | "why" | "pairs"> {
  readonly name: string;
  /** Nothing of an entry that could not be read. */
  readonly kind: IntentKind | undefined;
  readonly reason: string | undefined;
  readonly file: string;
  readonly line: number;
  readonly counterexamples: readonly PlacedExample[];
  /** Of `only`: workloads on the host network that it does not judge, because nobody named them. */
  readonly hostsBeside: readonly string[];
}

/** A counterexample with its places. */
export interface PlacedExample extends Omit<Counterexample, "decision"> {
  readonly verdict: Counterexample["decision"]["verdict"];
  readonly reasons: readonly PlacedReason[];
  /** References, or the profile alone where no policy decided. */
  readonly determinedBy: readonly (PlacedRef | { readonly profile: string })[];
}

/** Holds a cluster to statements. */
export function testIntents(session: Session, suite: IntentSuite): TestResult {
  const { compiled } = session;
  const { zones } = suite;
  const landscape = surveyLandscape(
    compiled,
    namedAddresses(
      zones,
      suite.intents.map(({ intent }) => intent),
    ),
  );
  const judged = suite.intents.map(({ intent, file, line }): IntentOutcome => {
    const verdict = judgeIntent(landscape, zones, intent);
    return {
      name: nameOfIntent(intent),
      kind: statementOf(intent).kind,
      reason: intent.reason,
      file,
      line,
      ...verdict,
      counterexamples: verdict.counterexamples.map((each) => placeExample(session, each)),
      hostsBeside: hostsBeside(landscape, zones, intent),
    };
  });
  const intents = [...judged, ...suite.refused.map(outcomeOfRefused)];
  const number = (state: IntentVerdict["state"]): number =>
    intents.filter((each) => each.state === state).length;
  const empty = zones.filter((zone) => !hasMembers(landscape, zone));
  return {
    profile: compiled.profile.name,
    incomplete: compiled.cluster.incomplete,
    counts: { met: number("met"), unmet: number("unmet"), notEvaluable: number("not-evaluable") },
    intents: intents.toSorted((a, b) => (a.file === b.file ? a.line - b.line : 0)),
    diagnostics: [...empty.map(emptyZone), ...compiled.cluster.diagnostics],
  };
}

function emptyZone({ name, file, line }: IntentSuite["zones"][number]): Diagnostic {
  const text = `the zone \`${name}\` matches nothing: no pod has its labels, and it has no addresses`;
  return { severity: "warning", file, line, text, decides: false };
}

function outcomeOfRefused({ name, file, line, why }: RefusedIntent): IntentOutcome {
  return {
    name,
    kind: undefined,
    reason: undefined,
    file,
    line,
    state: "not-evaluable",
    why,
    pairs: { covered: 0, unmet: 0 },
    counterexamples: [],
    hostsBeside: [],
  };
}

function placeExample(session: Session, { decision, ...example }: Counterexample): PlacedExample {
  const { verdict, reasons, determinedBy } = decision;
  return {
    ...example,
    verdict,
    reasons: placeReasons(session, reasons),
    determinedBy:
      determinedBy.length === 0
        ? [{ profile: session.compiled.profile.name }]
        : placeRefs(session, determinedBy),
  };
}
