import { EMPTY, type IntervalSet, subtract, union } from "../base/index.ts";
import type { ContainerPort } from "../model/index.ts";
import type { Switches } from "./board.ts";
import type { Answer, PortName } from "./policy.ts";
import type { MatchDoubt, RuleMatch } from "./program.ts";
import type { ReasonCode } from "./reason.ts";
import { portTraffic } from "./traffic.ts";

/** Whether an engine looks at the ports of such a container. */
function isFound(
  { container }: ContainerPort,
  { sidecarPorts, initPorts }: Pick<Switches, "sidecarPorts" | "initPorts">,
): Answer {
  if (container === "ordinary") return "yes";
  return container === "sidecar" ? sidecarPorts : initPorts;
}

/** The numbers of port names on a pod (NP-5): by name and protocol; a sidecar's ports and repeated names count as the switches say. */
export function namedTraffic(
  names: readonly PortName[],
  ports: readonly ContainerPort[],
  switches: Pick<Switches, "sidecarPorts" | "initPorts" | "repeatedPortNames" | "portNames">,
): RuleMatch {
  const compared = (name: string): string =>
    switches.portNames === "exact" ? name : name.toLowerCase();
  let must: IntervalSet = EMPTY;
  let may: IntervalSet = EMPTY;
  const doubts: MatchDoubt[] = [];
  for (const { name, protocol, perhapsTo } of names) {
    const wanted = compared(name);
    const seen = new Map<string, number>();
    for (const port of ports) {
      if (compared(port.name) !== wanted || (protocol !== undefined && port.protocol !== protocol))
        continue;
      if (isFound(port, switches) === "no") continue;
      const first = seen.get(port.protocol) ?? port.port;
      seen.set(port.protocol, first);
      const answers: readonly (readonly [Answer, ReasonCode])[] = [
        [isFound(port, switches), "port-name-of-sidecar"],
        [port.port === first ? "yes" : switches.repeatedPortNames, "port-name-twice"],
      ];
      if (answers.some(([answer]) => answer === "no")) continue;
      const traffic = portTraffic(port.protocol, port.port, port.port);
      const unclear = answers.find(([answer]) => answer === "unclear");
      may = union(may, traffic);
      if (unclear === undefined) must = union(must, traffic);
      else doubts.push({ code: unclear[1], traffic });
      if (perhapsTo !== undefined && perhapsTo > port.port) {
        const range = portTraffic(port.protocol, port.port, perhapsTo);
        doubts.push({ code: "port-name-and-range", traffic: subtract(range, must) });
        may = union(may, range);
      }
    }
  }
  return { must, may, doubts };
}
