// Inputs of the collector benchmark, written to a temporary folder.
import { writeFileSync } from 'node:fs';

function mcqaRow(index) {
  const options = ['north', 'south', 'east', 'west'].map((word, i) => ({ ['ABCD'[i]]: `${word} ${index}` }));
  const text = options.map((option, i) => `${'ABCD'[i]}: ${Object.values(option)[0]}`).join('\n');
  return {
    responses_create_params: {
      input: [
        { role: 'user', content: `Question ${index}. Answer with the letter inside \\boxed{}.\n${text}` },
      ],
    },
    options,
    expected_answer: index % 2 === 0 ? 'B' : 'C',
    grading_mode: 'strict_single_letter_boxed',
    uuid: `row-${index}`,
  };
}

function counterRow(index) {
  const tool = (name, properties, required) => ({
    type: 'function',
    name,
    description: '',
    strict: true,
    parameters: { type: 'object', properties, required, additionalProperties: false },
  });
  return {
    responses_create_params: {
      input: [{ role: 'user', content: `Task ${index}: add 1 five times, then answer.` }],
      tools: [
        tool('increment_counter', { count: { type: 'integer', description: '' } }, ['count']),
        tool('get_counter_value', {}, []),
      ],
    },
    initial_count: index,
    expected_count: index + 5,
  };
}

/** `make(index)` gives a row; `calls` is how many model calls one rollout makes. */
export const WORKLOADS = {
  mcqa: { make: mcqaRow, calls: 1, environment: 'mcqa', agent: 'mcqa_simple_agent' },
  'five tools': {
    make: counterRow,
    calls: 6,
    environment: 'example_session_state_mgmt',
    agent: 'example_session_state_mgmt_simple_agent',
  },
};

export function writeInput(file, make, count) {
  writeFileSync(file, Array.from({ length: count }, (_, i) => JSON.stringify(make(i))).join('\n') + '\n');
}
