import { failureChart, passChart, rewardChart } from './charts.js';
import { byId, el } from './dom.js';
import { count, decimal, percent, plural } from './format.js';

/** The top of the page: what was run, the numbers of each agent, the charts. */

const MOST_CHARTED = 6;

function facts(run, tasks) {
  const rollouts = run.agents.reduce((sum, agent) => sum + agent.planned, 0);
  const { manifest } = run;
  const models = Object.values(manifest?.identity?.servers ?? {})
    .filter((server) => server.type === 'responses_api_models' && typeof server.model === 'string')
    .map((server) => server.model);
  const parts = [
    `${plural(rollouts, 'rollout')} of ${plural(tasks.length, 'task')}`,
    models.length === 0 ? null : `model ${[...new Set(models)].join(', ')}`,
    manifest?.input ? `input ${manifest.input}` : null,
    manifest?.created_at ? `started ${manifest.created_at.slice(0, 16).replace('T', ' ')} UTC` : null,
    manifest?.tool?.name ? `${manifest.tool.name} ${manifest.tool.version}` : null,
  ];
  byId('facts').textContent = parts.filter(Boolean).join(' · ');
}

function intervalText({ interval }) {
  return interval === null ? '–' : `${decimal(interval.low)} to ${decimal(interval.high)}`;
}

const METHODS = {
  wilson: "Wilson's 95 % interval of a share",
  'wilson-clustered': "Wilson's 95 % interval of a share, repeats of a task counted as related",
  t: "95 % interval, Student's t",
  't-clustered': "95 % interval, Student's t, clustered by task",
  'wilson-effective': "Wilson's 95 % interval for rewards between 0 and 1, repeats of a task counted as related",
  'all-equal': 'All tasks have the same mean: how often others could differ, with 95 % confidence',
};

function intervalNote({ interval }) {
  return interval === null ? 'Too little is known for an interval: too few tasks, or rewards that do not vary.' : METHODS[interval.method];
}

function boundsText({ bounds }) {
  return bounds === null ? '–' : `${decimal(bounds.low)} to ${decimal(bounds.high)}`;
}

const right = (words, attributes = {}) => el('td', { class: 'right', ...attributes }, words);

function agentRow(agent) {
  const state = agent.scored === agent.planned ? 'whole' : 'partial';
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, agent.agent === '' ? '(no agent)' : agent.agent),
    right(count(agent.planned)),
    right(count(agent.scored)),
    right(count(agent.failed), agent.failed > 0 ? { class: 'right bad' } : {}),
    right(count(agent.masked + agent.owed)),
    right(el('span', { class: state }, percent(agent.coverage))),
    right(el('b', {}, decimal(agent.mean))),
    right(intervalText(agent), { title: intervalNote(agent) }),
    right(boundsText(agent)),
    right(count(agent.tokens.input)),
    right(count(agent.tokens.output)),
  );
}

const AGENT_COLUMNS = [
  ['agent', ''],
  ['planned', 'rollouts planned'],
  ['scored', 'rollouts with a reward'],
  ['failed', 'rollouts whose last attempt failed'],
  ['other', 'masked, or not played yet'],
  ['coverage', 'scored of planned'],
  ['mean reward', 'over scored rollouts (pass@k is over tasks)'],
  ['95 % interval', 'of the mean; repeats of a task are not counted as independent'],
  ['if missing 0 / 1', 'the mean if every missing reward were 0, and if it were 1'],
  ['tokens in', 'of scored rollouts'],
  ['tokens out', 'of scored rollouts'],
];

function charts(agent, named) {
  const drawn = [rewardChart(agent)];
  if (agent.passAtK.length > 0) drawn.push(passChart(agent));
  if (Object.keys(agent.failures).length > 0) drawn.push(failureChart(agent));
  return [named ? el('h3', {}, agent.agent) : null, el('div', { class: 'cards' }, drawn)];
}

export function showSummary(run, tasks) {
  facts(run, tasks);
  const head = AGENT_COLUMNS.map(([name, title], i) =>
    el('th', { scope: 'col', title, class: i === 0 ? '' : 'right' }, name),
  );
  const body = run.agents.map(agentRow);
  byId('summary').append(
    ...run.notices.map((notice) => el('p', { class: 'notice' }, notice)),
    el(
      'div',
      { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Numbers by agent' },
      el('table', { class: 'numbers' }, el('thead', {}, el('tr', {}, head)), el('tbody', {}, body)),
    ),
  );
  const many = run.agents.length > 1;
  byId('charts').append(
    ...run.agents
      .slice(0, MOST_CHARTED)
      .flatMap((agent) => charts(agent, many))
      .filter(Boolean),
  );
}
