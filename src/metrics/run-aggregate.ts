import { createAggregator, wantedFields } from './aggregate.js';
import type { Aggregate, Aggregator, AggregatorOptions } from './aggregate-types.js';
import { writeJson } from './json-writer.js';
import { scanRow } from './row-scanner.js';

/** An aggregator over rows of any number of agents. */
export interface RunAggregator {
  /** Takes one stored row as JSON text. Throws SyntaxError for text that is not one object. */
  add(line: string): void;
  /** Agents by name, ascending: the result depends on the rows alone, not on the order in which they finished. */
  finish(): Map<string, Aggregate>;
}

/**
 * Aggregates the rows of each agent (`agent_ref.name`) by itself.
 * @param optionsFor what to compute for an agent's rows, e.g. the agent's environment.
 */
export function createRunAggregator(
  optionsFor: (agent: string) => AggregatorOptions = () => ({}),
): RunAggregator {
  const agents = new Map<string, Aggregator>();
  // The fields to read are known once the agent is; until an agent is new, one reading is enough.
  const wanted = new Set<string>();
  return {
    add(line) {
      let row = scanRow(line, wanted);
      let aggregator = agents.get(row.agent);
      if (aggregator === undefined) {
        const options = optionsFor(row.agent);
        agents.set(row.agent, (aggregator = createAggregator(options)));
        for (const field of wantedFields(options)) wanted.add(field);
        row = scanRow(line, wanted);
      }
      aggregator.add(row);
    },
    finish() {
      const names = [...agents.keys()].sort();
      return new Map(names.map((name) => [name, agents.get(name)!.finish()]));
    },
  };
}

/**
 * The text of `<stem>_aggregate_metrics.json` in pieces of one task each: an array with one object per agent,
 * two spaces per level, no line feed at the end.
 */
export function* aggregateFile(agents: ReadonlyMap<string, Aggregate>): Generator<string> {
  let first = true;
  for (const [name, aggregate] of agents) {
    yield `${first ? '[' : ','}\n  {\n    "agent_ref": ${writeJson({ name }, 2, 2)},\n`;
    yield `    "agent_metrics": ${writeJson(aggregate.agent_metrics, 2, 2)},\n`;
    yield `    "key_metrics": ${writeJson(aggregate.key_metrics, 2, 2)},\n    "group_level_metrics": [`;
    let separator = '\n      ';
    for (const group of aggregate.group_level_metrics) {
      yield separator + writeJson(group, 2, 3);
      separator = ',\n      ';
    }
    yield separator.startsWith(',') ? '\n    ]\n  }' : ']\n  }';
    first = false;
  }
  yield first ? '[]' : '\n]';
}
