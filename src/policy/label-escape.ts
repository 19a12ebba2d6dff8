import type { LabelSelector, Requirement } from "../model/index.ts";
import { requirementsKey } from "./selector-index.ts";

/** Whether labels exist that none of the selectors matches. Where the search would be too long the answer is yes: nothing is claimed to be covered. */
export function labelsEscape(selectors: readonly LabelSelector[]): boolean {
  const distinct = [...new Map(selectors.map((each) => [requirementsKey(each), each])).values()];
  return search(distinct, new Map(), { left: MOST_STEPS });
}

/** Steps of the search; every real set of policies needs about as many as it has selectors. */
const MOST_STEPS = 20_000;

/** What the value of one label key may still be. */
interface Domain {
  /** `never`: it would have to be there and not there. */
  readonly presence: "open" | "present" | "absent" | "never";
  /** One of these, if it is there; `undefined`: any. */
  readonly only: ReadonlySet<string> | undefined;
  readonly not: ReadonlySet<string>;
}

const OPEN: Domain = { presence: "open", only: undefined, not: new Set() };

/** Of each selector one requirement must fail; the selector with the fewest ways is tried first. */
function search(
  selectors: readonly LabelSelector[],
  domains: ReadonlyMap<string, Domain>,
  steps: { left: number },
): boolean {
  if (--steps.left < 0) return true;
  const domainOf = ({ key }: Requirement): Domain => domains.get(key) ?? OPEN;
  const open: LabelSelector[] = [];
  let ways: readonly Requirement[] | undefined;
  let hardest: LabelSelector | undefined;
  for (const selector of selectors) {
    const { requirements } = selector;
    if (requirements.some((each) => isEmpty(narrow(domainOf(each), each)))) continue; // it fails already
    const mine = requirements.filter((each) => !isEmpty(narrow(domainOf(each), negate(each))));
    if (mine.length === 0) return false;
    open.push(selector);
    if (ways === undefined || mine.length < ways.length) {
      ways = mine;
      hardest = selector;
    }
  }
  if (ways === undefined) return true;
  const rest = open.filter((selector) => selector !== hardest);
  return ways.some((each) => {
    const next = narrow(domainOf(each), negate(each));
    return search(rest, new Map([...domains, [each.key, next]]), steps);
  });
}

const OPPOSITE = {
  In: "NotIn",
  NotIn: "In",
  Exists: "DoesNotExist",
  DoesNotExist: "Exists",
} as const;

function negate({ key, operator, values }: Requirement): Requirement {
  return { key, operator: OPPOSITE[operator], values };
}

/** The domain less what the requirement excludes (NP-9: `NotIn` holds for what lacks the key). */
function narrow(domain: Domain, { operator, values }: Requirement): Domain {
  const { presence, only, not } = domain;
  switch (operator) {
    case "In": {
      const some = values.filter((value) => only?.has(value) ?? true);
      return { presence: join(presence, "present"), only: new Set(some), not };
    }
    case "NotIn":
      return { presence, only, not: new Set([...not, ...values]) };
    case "Exists":
      return { presence: join(presence, "present"), only, not };
    case "DoesNotExist":
      return { presence: join(presence, "absent"), only, not };
  }
}

/** Both at once; there and not there at once is a value out of none. */
function join(a: Domain["presence"], b: "present" | "absent"): Domain["presence"] {
  return a === "open" || a === b ? b : "never";
}

function isEmpty({ presence, only, not }: Domain): boolean {
  if (presence === "never") return true;
  if (presence !== "present" || only === undefined) return false;
  return [...only].every((value) => not.has(value));
}
