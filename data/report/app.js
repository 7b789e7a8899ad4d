import { Detail } from './detail.js';
import { byId, el } from './dom.js';
import { count, plural } from './format.js';
import { readRun, readTasks, rolloutText } from './store.js';
import { showSummary } from './summary.js';
import { TaskTable } from './table.js';

/** Reads the data, shows everything, and ties search, filters, table and panel together. */

const FILTERS = [
  { name: 'All', title: 'every task', fits: () => true },
  { name: 'Failed', title: 'tasks with a rollout whose last attempt failed', fits: (task) => task.failed },
  { name: 'Owed', title: 'tasks with a rollout that was not played yet', fits: (task) => task.owed },
  { name: 'Flipped', title: 'tasks whose repeats have different rewards', fits: (task) => task.flipped },
  { name: 'Unsolved', title: 'tasks with no rollout with a reward above 0', fits: (task) => task.unsolved },
  { name: 'Slow', title: 'the slowest twentieth of the tasks, by the longest rollout', fits: (task) => task.slow },
];

const SLICE_MS = 12;
const run = readRun();
const tasks = readTasks();
const state = { filter: FILTERS[0], agent: '', query: '', deep: false, search: 0 };

const detail = new Detail({
  onClose: (task) => table.focus(table.tasks.indexOf(task)),
  onStep: (by) => stepTask(by),
});
const table = new TaskTable({ onOpen: (task) => detail.show(task), manyAgents: run.agents.length > 1 });

function stepTask(by) {
  const next = table.tasks.indexOf(detail.task) + by;
  if (next < 0 || next >= table.tasks.length) return;
  table.active = next;
  table.reveal(next);
  detail.show(table.tasks[next]);
}

const shown = el('output', { class: 'quiet', 'aria-live': 'polite' });
const search = el('input', {
  type: 'search',
  placeholder: 'Search (press /)',
  'aria-label': 'Search tasks',
  autocomplete: 'off',
  spellcheck: 'false',
});
const deep = el('input', { type: 'checkbox', id: 'deep' });
const chips = FILTERS.map((filter) => {
  const found = tasks.filter(filter.fits).length;
  const click = () => {
    state.filter = filter;
    apply();
  };
  const label = `${filter.name} ${count(found)}`;
  return el(
    'button',
    { type: 'button', class: 'chip', title: filter.title, 'aria-pressed': 'false', onclick: click },
    label,
  );
});

function agentChoice() {
  if (run.agents.length < 2) return null;
  const options = run.agents.map(({ agent }) => el('option', { value: agent }, agent));
  const choice = el('select', { 'aria-label': 'Agent' }, el('option', { value: '' }, 'All agents'), options);
  choice.addEventListener('change', () => {
    state.agent = choice.value;
    apply();
  });
  return choice;
}

/** A pattern that finds the query inside stored JSON, whatever the case. */
function storedPattern(query) {
  const stored = JSON.stringify(query).slice(1, -1).replaceAll('<', '\\u003c');
  return new RegExp(stored.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'i');
}

/** Looks through conversations in slices, so that the page stays alive; a newer search ends an older one. */
async function searchDeep(candidates, turn) {
  const pattern = storedPattern(state.query);
  const words = state.query.toLowerCase();
  const found = [];
  let since = performance.now();
  for (const task of candidates) {
    if (task.words.includes(words) || task.rollouts.some((one) => pattern.test(rolloutText(one.number))))
      found.push(task);
    if (performance.now() - since < SLICE_MS) continue;
    shown.textContent = `Searching … ${count(found.length)} found`;
    await new Promise((resolve) => setTimeout(resolve));
    if (turn !== state.search) return null;
    since = performance.now();
  }
  return found;
}

async function apply() {
  const turn = ++state.search;
  chips.forEach((chip, i) => chip.setAttribute('aria-pressed', String(FILTERS[i] === state.filter)));
  const kept = tasks.filter(
    (task) => state.filter.fits(task) && (state.agent === '' || task.agent === state.agent),
  );
  const words = state.query.toLowerCase();
  let found = kept;
  if (state.query !== '') {
    found = state.deep ? await searchDeep(kept, turn) : kept.filter((task) => task.words.includes(words));
  }
  if (found === null) return;
  table.show(found);
  shown.textContent =
    found.length === tasks.length
      ? plural(found.length, 'task')
      : `${count(found.length)} of ${plural(tasks.length, 'task')}`;
}

function tieSearch() {
  let timer = 0;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      state.query = search.value.trim();
      apply();
    }, 80);
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      search.value = '';
      state.query = '';
      apply();
      search.blur();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      table.focus(0);
    }
  });
  deep.addEventListener('change', () => {
    state.deep = deep.checked;
    apply();
  });
  addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === 'search';
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === 'Escape' && detail.open) detail.close();
  });
}

function tieTheme() {
  const root = document.documentElement;
  byId('theme').addEventListener('click', () => {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const now = root.dataset.theme ?? (dark ? 'dark' : 'light');
    root.dataset.theme = now === 'dark' ? 'light' : 'dark';
  });
}

/** `#task-3-1` opens rollout 1 of task 3. */
function openNamed() {
  const named = /^#task-(\d+)-(\d+)$/.exec(location.hash);
  if (named === null) return;
  const task = tasks.find((one) => one.task === Number(named[1]));
  if (task !== undefined)
    detail.show(
      task,
      task.rollouts.findIndex((one) => one.rollout === Number(named[2])),
    );
}

showSummary(run, tasks);
byId('toolbar').append(
  search,
  el('label', { for: 'deep', class: 'quiet' }, deep, ' in conversations'),
  el('div', { class: 'chips', role: 'group', 'aria-label': 'Filter' }, chips),
  ...[agentChoice()].filter(Boolean),
  shown,
);
tieSearch();
tieTheme();
apply();
openNamed();
document.documentElement.dataset.ready = String(Math.round(performance.now()));
