import { byId, el } from './dom.js';
import { mark, markStyle, rolloutName } from './detail.js';
import { count, decimal, duration } from './format.js';

/** The tasks as a grid of which only the rows in sight exist. The window scrolls it. */

const ROW = 40;
const SPARE = 8;
const MOST_MARKS = { wide: 8, narrow: 3 };

const COLUMNS = [
  { name: 'task', key: 'task', style: 'c-task' },
  { name: 'question', key: 'preview', style: 'c-question' },
  { name: 'agent', key: 'agent', style: 'c-agent' },
  { name: 'rewards', key: null, style: 'c-marks' },
  { name: 'mean', key: 'mean', style: 'c-mean right' },
  { name: 'tokens out', key: 'tokens', style: 'c-tokens right' },
  { name: 'longest', key: 'duration', style: 'c-time right' },
];

function compare(a, b) {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

function marks(task) {
  const room = innerWidth > 760 ? MOST_MARKS.wide : MOST_MARKS.narrow;
  const shown = task.rollouts.slice(0, task.rollouts.length > room ? room - 1 : room);
  const more = task.rollouts.length - shown.length;
  const signs = shown.map((one) =>
    el('span', { class: `mark ${markStyle(one)}`, title: rolloutName(one) }, mark(one)),
  );
  const words = task.rollouts.map(rolloutName).join(', ');
  return el(
    'div',
    { role: 'gridcell', class: 'c-marks', 'aria-label': words },
    signs,
    more > 0 ? ` +${more}` : '',
  );
}

export class TaskTable {
  constructor({ onOpen, manyAgents }) {
    this.onOpen = onOpen;
    this.tasks = [];
    this.active = 0;
    this.sort = { key: 'task', down: false };
    this.rows = new Map();
    this.head = el('div', { role: 'row', class: 'row head' });
    this.body = el('div', { role: 'rowgroup', class: 'body' });
    this.empty = el(
      'p',
      { class: 'quiet empty', hidden: true },
      'No task fits. Press Esc in the search box to see all.',
    );
    this.grid = byId('grid');
    this.grid.setAttribute('role', 'grid');
    this.grid.setAttribute('aria-labelledby', 'tasks-title');
    this.grid.classList.toggle('one-agent', !manyAgents);
    this.grid.append(el('div', { role: 'rowgroup', class: 'heads' }, this.head), this.body, this.empty);
    this.body.addEventListener('keydown', (event) => this.key(event));
    let waiting = false;
    const draw = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        this.draw();
      });
    };
    addEventListener('scroll', draw, { passive: true });
    addEventListener('resize', draw);
    this.showHead();
  }

  showHead() {
    this.head.replaceChildren(
      ...COLUMNS.map(({ name, key, style }) => {
        const chosen = key !== null && this.sort.key === key;
        const order = chosen ? (this.sort.down ? 'descending' : 'ascending') : 'none';
        const sign = chosen ? (this.sort.down ? ' ↓' : ' ↑') : '';
        const inside =
          key === null
            ? name
            : el('button', { type: 'button', onclick: () => this.sortBy(key) }, name + sign);
        return el('div', { role: 'columnheader', class: style, 'aria-sort': order }, inside);
      }),
    );
  }

  sortBy(key) {
    this.sort = { key, down: this.sort.key === key ? !this.sort.down : false };
    this.showHead();
    this.show(this.tasks);
    this.head.querySelector('[aria-sort$="ending"] button')?.focus();
  }

  /** Shows these tasks; the first becomes the active one. */
  show(tasks) {
    const { key, down } = this.sort;
    const sign = down ? -1 : 1;
    this.tasks = [...tasks].sort((a, b) => {
      if (a[key] === null || b[key] === null) return compare(a[key], b[key]);
      return sign * compare(a[key], b[key]) || a.task - b.task;
    });
    this.active = 0;
    this.rows.clear();
    this.body.replaceChildren();
    this.body.style.height = `${ROW * this.tasks.length}px`;
    this.grid.setAttribute('aria-rowcount', String(this.tasks.length + 1));
    this.empty.hidden = this.tasks.length > 0;
    this.draw();
  }

  draw() {
    const top = this.body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / ROW) - SPARE);
    const last = Math.min(this.tasks.length, Math.ceil((innerHeight - top) / ROW) + SPARE);
    for (const [i, row] of this.rows) {
      const focused = row === document.activeElement;
      if ((i < first || i >= last) && !focused) {
        row.remove();
        this.rows.delete(i);
      }
    }
    for (let i = first; i < last; i++) if (!this.rows.has(i)) this.add(i);
  }

  add(i) {
    const task = this.tasks[i];
    const cell = (style, text, attributes = {}) =>
      el('div', { role: 'gridcell', class: style, ...attributes }, text);
    const row = el(
      'div',
      {
        role: 'row',
        class: 'row',
        tabindex: i === this.active ? 0 : -1,
        'aria-rowindex': i + 2,
        onclick: () => this.open(i),
      },
      cell('c-task', task.task),
      cell('c-question', task.short === '' ? '(no text)' : task.short, { title: task.preview }),
      cell('c-agent', task.agent),
      marks(task),
      cell('c-mean right', decimal(task.mean)),
      cell('c-tokens right', count(task.tokens)),
      cell(`c-time right${task.slow ? ' slow' : ''}`, duration(task.duration)),
    );
    row.style.transform = `translateY(${ROW * i}px)`;
    const after = [...this.rows.keys()].filter((j) => j > i).sort((a, b) => a - b)[0];
    this.body.insertBefore(row, after === undefined ? null : this.rows.get(after));
    this.rows.set(i, row);
  }

  open(i) {
    this.active = i;
    this.onOpen(this.tasks[i]);
  }

  /** Makes a row the active one, in sight and focused. */
  focus(i) {
    if (this.tasks.length === 0) return;
    const old = this.rows.get(this.active);
    if (old !== undefined) old.tabIndex = -1;
    this.active = Math.min(Math.max(i, 0), this.tasks.length - 1);
    this.reveal(this.active);
    const row = this.rows.get(this.active);
    row.tabIndex = 0;
    row.focus({ preventScroll: true });
  }

  reveal(i) {
    const top = this.body.getBoundingClientRect().top + ROW * i;
    const above = this.grid.querySelector('.heads').getBoundingClientRect().bottom;
    if (top < above) scrollBy(0, top - above);
    else if (top + ROW > innerHeight) scrollBy(0, top + ROW - innerHeight + 8);
    this.draw();
    if (!this.rows.has(i)) this.add(i);
  }

  key(event) {
    const page = Math.max(1, Math.floor(innerHeight / ROW) - 4);
    const move = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.active,
      End: this.tasks.length,
    }[event.key];
    if (move !== undefined) this.focus(this.active + move);
    else if (event.key === 'Enter' || event.key === ' ') this.open(this.active);
    else return;
    event.preventDefault();
  }
}
