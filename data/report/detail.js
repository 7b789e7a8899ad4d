import { conversation, folded } from './conversation.js';
import { byId, el } from './dom.js';
import { count, duration, number, plural, pretty } from './format.js';
import { readRollout } from './store.js';

/** The panel with one task's rollouts. It owns the keyboard while it has the focus. */

const NOT_VERIFIER =
  /^(responses_create_params|response|reward|agent_ref|skills_ref|message|retryable|_?ng_.*)$/;

export const STATUS_WORDS = { scored: 'scored', failed: 'failed', masked: 'masked', owed: 'not played yet' };

/** A reward as a sign, so that it is never told by colour alone. */
export function mark(one) {
  if (one.status === 'failed') return '!';
  if (one.status === 'masked') return '~';
  if (one.status === 'owed') return '·';
  return one.reward >= 1 ? '✓' : one.reward <= 0 ? '✕' : '◐';
}

export function markStyle(one) {
  if (one.status !== 'scored') return one.status;
  return one.reward >= 1 ? 'one' : one.reward <= 0 ? 'zero' : 'part';
}

export function rolloutName(one) {
  const state = one.status === 'scored' ? `reward ${number(one.reward)}` : STATUS_WORDS[one.status];
  return `Rollout ${one.rollout}: ${state}`;
}

function pair(name, value) {
  const text = typeof value === 'string' ? value : pretty(value);
  const long = text.length > 300 || text.includes('\n');
  const shown = long
    ? folded(`${plural(text.length, 'character')}`, el('pre', { class: 'code' }, text), true)
    : text;
  return [el('dt', {}, name), el('dd', {}, shown)];
}

function whySection(row, one) {
  const known = row._ng_failure_class;
  const pairs =
    one.status === 'scored'
      ? [pair('reward', row.reward)]
      : [
          pair('state', STATUS_WORDS[one.status]),
          known ? pair('kind', known) : [],
          row.message ? pair('message', row.message) : [],
        ];
  if (one.status !== 'owed') {
    for (const [name, value] of Object.entries(row))
      if (!NOT_VERIFIER.test(name)) pairs.push(pair(name, value));
  }
  const title = one.status === 'scored' ? 'Why this reward' : 'Why there is no reward';
  return el('section', { class: 'why', 'aria-label': title }, el('h3', {}, title), el('dl', {}, pairs));
}

function attemptRow(attempt) {
  const cells = [attempt.model, attempt.result, attempt.status ?? '', duration(attempt.duration_ms ?? null)];
  const wait = attempt.wait_ms === undefined ? '' : duration(attempt.wait_ms);
  return el(
    'tr',
    {},
    [...cells, wait, attempt.message ?? ''].map((cell) => el('td', {}, cell)),
  );
}

function runSection(row) {
  const run = row._ng_run ?? {};
  const usage = row.response?.usage ?? {};
  const facts = [
    run.stop_reason,
    run.turns === undefined ? null : plural(run.turns, 'turn'),
    run.duration_ms === undefined ? null : duration(run.duration_ms),
    usage.input_tokens === undefined ? null : `${count(usage.input_tokens)} tokens in`,
    usage.output_tokens === undefined ? null : `${count(usage.output_tokens)} tokens out`,
    typeof run.cost_usd === 'number' ? `$${number(run.cost_usd)}` : null,
    row.response?.model,
  ].filter(Boolean);
  const attempts = run.attempts ?? [];
  const head = ['model', 'result', 'status', 'time', 'waited after', 'message'];
  const table = el(
    'table',
    { class: 'numbers' },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        head.map((name) => el('th', { scope: 'col' }, name)),
      ),
    ),
    el('tbody', {}, attempts.map(attemptRow)),
  );
  const failed = attempts.some((attempt) => attempt.result !== 'ok');
  return [
    facts.length === 0 ? null : el('p', { class: 'quiet' }, facts.join(' · ')),
    attempts.length === 0
      ? null
      : folded(plural(attempts.length, 'request'), el('div', { class: 'wide' }, table), failed),
  ];
}

export class Detail {
  constructor({ onClose, onStep }) {
    this.panel = byId('detail');
    this.onClose = onClose;
    this.onStep = onStep;
    this.task = null;
    this.at = 0;
    this.panel.addEventListener('keydown', (event) => this.key(event));
  }

  get open() {
    return !this.panel.hidden;
  }

  show(task, at = 0) {
    this.task = task;
    this.at = Math.min(Math.max(at, 0), task.rollouts.length - 1);
    this.panel.hidden = false;
    document.body.classList.add('with-detail');
    this.render();
    this.panel.querySelector('[aria-selected="true"]').focus({ preventScroll: true });
  }

  close() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    document.body.classList.remove('with-detail');
    history.replaceState(null, '', '#');
    this.onClose(this.task);
  }

  step(by) {
    const next = this.at + by;
    if (next < 0 || next >= this.task.rollouts.length) return;
    this.show(this.task, next);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const action = {
      Escape: () => this.close(),
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      j: () => this.onStep(1),
      k: () => this.onStep(-1),
    }[event.key];
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  tab(one, i) {
    const chosen = i === this.at;
    return el(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${i}`,
        class: `mark ${markStyle(one)}`,
        'aria-selected': String(chosen),
        'aria-controls': 'rollout',
        'aria-label': rolloutName(one),
        title: rolloutName(one),
        tabindex: chosen ? 0 : -1,
        onclick: () => this.show(this.task, i),
      },
      `${mark(one)} ${one.rollout}`,
    );
  }

  render() {
    const { task } = this;
    const one = task.rollouts[this.at];
    const row = readRollout(one.number);
    const button = (label, sign, onclick) =>
      el('button', { type: 'button', 'aria-label': label, title: label, onclick }, sign);
    const head = el(
      'header',
      {},
      el(
        'h2',
        { id: 'detail-title' },
        `Task ${task.task}`,
        task.agent === '' ? '' : el('small', {}, ` ${task.agent}`),
      ),
      button('Previous task (k)', '↑', () => this.onStep(-1)),
      button('Next task (j)', '↓', () => this.onStep(1)),
      button('Close (Esc)', '×', () => this.close()),
    );
    const tabs = el(
      'div',
      { role: 'tablist', 'aria-label': 'Rollouts' },
      task.rollouts.map((each, i) => this.tab(each, i)),
    );
    const body = el(
      'div',
      { id: 'rollout', role: 'tabpanel', 'aria-labelledby': `tab-${this.at}`, tabindex: 0 },
      whySection(row, one),
      runSection(row),
      el('h3', {}, 'Conversation'),
      conversation(row),
      folded('Stored row', el('pre', { class: 'code' }, JSON.stringify(row, null, 2).slice(0, 200000))),
    );
    this.panel.setAttribute('aria-labelledby', 'detail-title');
    this.panel.setAttribute('role', 'dialog');
    this.panel.replaceChildren(head, tabs, body);
    history.replaceState(null, '', `#task-${task.task}-${one.rollout}`);
  }
}
