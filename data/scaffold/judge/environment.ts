import { CallFailure, defineEnvironment, outputText } from 'ngym';
import { z } from 'zod';

/** An open question: a judge says whether the answer means the same as the target. */
export default defineEnvironment({
  name: 'my_environment',
  // Keys of the server's block in the configuration.
  config: z.object({ judge_model_server: z.object({ type: z.string(), name: z.string() }) }),
  // Keys of a dataset row that are read here. A row that does not fit fails by itself, and says why.
  row: z.object({ question: z.string(), target: z.string() }),
  async verify({ row, response, config, services, call }) {
    const lines = [
      `Question: ${row.question}`,
      `Target: ${row.target}`,
      `Answer: ${outputText(response)}`,
      'Does the answer mean the same as the target? Say yes or no.',
    ];
    const judge = services.model(config.judge_model_server.name);
    const input = [{ role: 'user' as const, content: lines.join('\n') }];
    const said = outputText(await judge.respond({ input }, call)).trim().toLowerCase();
    if (!/^(yes|no)\b/.test(said)) {
      throw new CallFailure('judge_failed', 'The judge said neither yes nor no.', { retryable: true });
    }
    return { reward: Number(said.startsWith('yes')), judge_said: said };
  },
});
