import {
  type ConditionRef,
  type Explanation,
  type Question,
  type Reason,
  type Verdict,
  directoryOf,
  explainQuestion,
  reasonText,
} from "../policy/index.ts";
import { type PlacedRef, type Session, placeRefs } from "./session.ts";
import { unknownName } from "./suggest.ts";

/** What `explain` tells of one question. */
export interface ExplainResult {
  readonly profile: string;
  readonly incomplete: boolean;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly verdict: Verdict;
  readonly reasons: readonly PlacedReason[];
  readonly conditions: readonly PlacedCondition[];
  /** References, or the profile alone where no policy decided. */
  readonly determinedBy: readonly (PlacedRef | { readonly profile: string })[];
  readonly points: Explanation["points"];
}

/** A reason with its text and places. */
export interface PlacedReason {
  readonly code: string;
  readonly text: string;
  readonly refs: readonly PlacedRef[];
}

/** A condition with its places. */
export interface PlacedCondition {
  readonly text: string;
  readonly refs: readonly PlacedRef[];
}

/** Answers `explain`. Gives a sentence where the question cannot be answered. */
export function explainConnection(session: Session, question: Question): ExplainResult | string {
  const explained = explainQuestion(session.compiled, question);
  if (typeof explained === "string") return unknownEnd(session, question) ?? explained;
  const { from, to, verdict, points } = explained;
  const { profile, cluster } = session.compiled;
  const placed = placeDecision(session, explained);
  const asked = { from, to, port: question.port };
  return {
    profile: profile.name,
    incomplete: cluster.incomplete,
    ...asked,
    verdict,
    ...placed,
    points,
  };
}

/** A sentence with what was perhaps meant, if nothing has the name of an end. */
export function unknownEnd(
  { compiled }: Session,
  { from, to }: Pick<Question, "from" | "to">,
): string | undefined {
  const directory = directoryOf(compiled);
  const name = [from, to].find((each) => directory.find(each) === undefined);
  return name === undefined ? undefined : unknownName(name, directory.names());
}

/** The reasons, conditions and causes of a decision with their places. */
export function placeDecision(
  session: Session,
  decision: Pick<Explanation, "reasons" | "conditions" | "determinedBy">,
): Pick<ExplainResult, "reasons" | "conditions" | "determinedBy"> {
  const { reasons, conditions, determinedBy } = decision;
  return {
    reasons: placeReasons(session, reasons),
    conditions: placeConditions(session, conditions),
    determinedBy:
      determinedBy.length === 0
        ? [{ profile: session.compiled.profile.name }]
        : placeRefs(session, determinedBy),
  };
}

/** Reasons with their texts and places. */
export function placeReasons(
  session: Session,
  reasons: readonly Reason[],
): readonly PlacedReason[] {
  return reasons.map(({ code, refs }) => ({
    code,
    text: reasonText(code),
    refs: placeRefs(session, refs),
  }));
}

/** Conditions with their places. */
export function placeConditions(
  session: Session,
  conditions: readonly ConditionRef[],
): readonly PlacedCondition[] {
  return conditions.map(({ text, refs }) => ({ text, refs: placeRefs(session, refs) }));
}
