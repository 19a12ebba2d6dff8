// What GitHub is told of a run: annotations, outputs, the summary of the job, the comment on the pull request.
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";

/** Characters of a comment and bytes of a summary that GitHub takes, and annotations of a kind that it shows for a step. */
const MOST = { comment: 65_000, summary: 1_000_000, annotations: 10 };

/**
 * Lines of a log that carry no commands, whatever they say: the runner is told to stop listening, by a word that nobody can guess.
 * @param {readonly string[]} lines
 * @returns {string}
 */
export function quietLines(lines) {
  if (lines.length === 0) return "";
  const token = randomUUID();
  return `::stop-commands::${token}\n${lines.join("\n")}\n::${token}::\n`;
}

/**
 * The commands that annotate the files of a change with the results of a SARIF document; waived ones not.
 * @param {string} sarif
 * @returns {string}
 */
export function annotationsOf(sarif) {
  const kinds = { error: "error", warning: "warning", note: "notice" };
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const { level, ruleId, message, locations, suppressions } of resultsOf(sarif)) {
    const kind = kinds[level];
    const place = locations[0]?.physicalLocation;
    if (kind === undefined || (suppressions ?? []).length > 0) continue;
    const properties = [
      ...(place === undefined
        ? []
        : [
            `file=${property(decodeURIComponent(place.artifactLocation.uri))}`,
            `line=${place.region.startLine}`,
          ]),
      `title=${property(`ringfence: ${ruleId}`)}`,
    ];
    (found[kind] ??= []).push(`::${kind} ${properties.join(",")}::${data(message.text)}\n`);
  }
  return Object.values(found)
    .flatMap((lines) => lines.slice(0, MOST.annotations))
    .join("");
}

/**
 * @typedef {{
 *   readonly level: "error" | "warning" | "note",
 *   readonly ruleId: string,
 *   readonly message: { readonly text: string },
 *   readonly locations: readonly { readonly physicalLocation?: {
 *     readonly artifactLocation: { readonly uri: string }, readonly region: { readonly startLine: number } } }[],
 *   readonly suppressions?: readonly unknown[],
 * }} Result
 * @param {string} sarif
 * @returns {readonly Result[]}
 */
function resultsOf(sarif) {
  if (sarif.trim() === "") return [];
  const { runs } = /** @type {{ runs: readonly { results: readonly Result[] }[] }} */ (
    JSON.parse(sarif)
  );
  return runs.flatMap(({ results }) => results);
}

/**
 * The message of a command.
 * @param {string} text
 */
function data(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/**
 * A property of a command.
 * @param {string} text
 */
function property(text) {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/**
 * Gives values to the steps that follow, each between delimiters that its text cannot hold.
 * @param {string | undefined} file of the runner
 * @param {Readonly<Record<string, string>>} values
 */
export function writeOutputs(file, values) {
  if (!file) return;
  for (const [name, value] of Object.entries(values)) {
    const delimiter = `end-${randomUUID()}`;
    appendFileSync(file, `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
  }
}

/**
 * Adds to the summary of the job.
 * @param {string | undefined} file of the runner
 * @param {string} text
 */
export function writeSummary(file, text) {
  if (file) appendFileSync(file, Buffer.from(text).subarray(0, MOST.summary));
}

/**
 * Makes the comment on a pull request, or changes the one that an earlier run made: it is known by a hidden marker at its
 * beginning, and by a bot as its author. Where there is none and nothing to say, none is made.
 * @param {{ readonly api: string, readonly token: string, readonly repository: string, readonly number: number }} where
 * @param {{ readonly marker: string, readonly body: string, readonly isNews: boolean }} what
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function writeComment({ api, token, repository, number }, { marker, body, isNews }) {
  /** @type {(method: string, path: string, content?: unknown) => Promise<Response>} */
  const ask = (method, path, content) =>
    fetch(`${api}/repos/${repository}/${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "x-github-api-version": "2022-11-28",
      },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
  const text = `${marker}\n${body}`;
  const content = {
    body: text.length > MOST.comment ? `${text.slice(0, MOST.comment)}\n\n… cut here` : text,
  };
  try {
    const old = await findComment(ask, marker, number);
    if (typeof old === "string") return old;
    if (old === undefined && !isNews) return undefined;
    const answer =
      old === undefined
        ? await ask("POST", `issues/${number}/comments`, content)
        : await ask("PATCH", `issues/comments/${old}`, content);
    return answer.ok ? undefined : `GitHub answered ${answer.status}`;
  } catch (error) {
    return String(error);
  }
}

/**
 * @param {(method: string, path: string) => Promise<Response>} ask
 * @param {string} marker
 * @param {number} number
 * @returns {Promise<number | string | undefined>} its id, or what went wrong
 */
async function findComment(ask, marker, number) {
  for (let page = 1; ; page++) {
    const answer = await ask("GET", `issues/${number}/comments?per_page=100&page=${page}`);
    if (!answer.ok) return `GitHub answered ${answer.status}`;
    const comments = /** @type {{ id: number, body?: string, user?: { type?: string } }[]} */ (
      await answer.json()
    );
    const own = comments.find(
      ({ body, user }) => user?.type === "Bot" && body?.startsWith(marker) === true,
    );
    if (own !== undefined) return own.id;
    if (comments.length < 100) return undefined;
  }
}
