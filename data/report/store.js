import { byId } from './dom.js';

/** What the page knows: the run, its rollouts and tasks. Conversations stay text until one is opened. */

function readBlock(id) {
  const block = byId(id);
  return block === null ? null : JSON.parse(block.textContent);
}

export function readRun() {
  return readBlock('run');
}

/** The stored row of a rollout. */
export function readRollout(number) {
  return readBlock(`rollout-${number}`);
}

/** The row's JSON text: what a search through conversations reads. */
export function rolloutText(number) {
  return byId(`rollout-${number}`).textContent;
}

function finishTask(task) {
  task.rollouts.sort((a, b) => a.rollout - b.rollout);
  const rewards = task.rollouts.filter((one) => one.reward !== null).map((one) => one.reward);
  const durations = task.rollouts.map((one) => one.duration).filter((ms) => ms !== null);
  const tokens = task.rollouts.map((one) => one.output).filter((n) => n !== null);
  task.mean = rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  task.duration = durations.length === 0 ? null : durations.reduce((a, b) => Math.max(a, b));
  task.tokens = tokens.length === 0 ? null : tokens.reduce((a, b) => a + b);
  task.failed = task.rollouts.some((one) => one.status === 'failed');
  task.owed = task.rollouts.some((one) => one.status === 'owed');
  task.flipped = rewards.some((reward) => reward !== rewards[0]);
  task.unsolved = rewards.length > 0 && rewards.every((reward) => reward <= 0);
  const kinds = task.rollouts.map((one) => one.kind ?? '').join(' ');
  task.words = `${task.task} ${task.agent} ${task.preview} ${kinds}`.toLowerCase();
}

/** Marks the slowest twentieth of the tasks, by their longest rollout. */
function markSlow(tasks) {
  const times = tasks
    .map((task) => task.duration)
    .filter((ms) => ms !== null)
    .sort((a, b) => a - b);
  if (times.length < 2) return;
  const limit = times[Math.min(times.length - 1, Math.floor(0.95 * times.length))];
  for (const task of tasks) task.slow = task.duration !== null && task.duration >= limit && limit > times[0];
}

const SHARED = 40;

function sharedStart(a, b) {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

/**
 * Cuts the instructions that tasks have in common from the front of their questions, at the end of a sentence, so
 * that the table shows what differs. Only neighbours in alphabetical order need be compared.
 */
function shorten(tasks) {
  const sorted = [...tasks].sort((a, b) => (a.preview < b.preview ? -1 : 1));
  sorted.forEach((task, i) => {
    const near = [sorted[i - 1], sorted[i + 1]].filter((other) => other && other.preview !== task.preview);
    const shared = near.reduce((most, other) => Math.max(most, sharedStart(task.preview, other.preview)), 0);
    const start = task.preview.slice(0, shared);
    const cut = Math.max(start.lastIndexOf('. '), start.lastIndexOf(': '), start.lastIndexOf('? ')) + 2;
    task.short = cut > SHARED ? `… ${task.preview.slice(cut)}` : task.preview;
  });
}

/** Tasks in the order of their numbers, each with its rollouts. */
export function readTasks() {
  const tasks = new Map();
  const previews = new Map();
  let number = 0;
  for (let i = 0; byId(`index-${i}`) !== null; i++) {
    const block = readBlock(`index-${i}`);
    for (const [task, preview] of block.previews) previews.set(task, preview);
    for (const [task, rollout, agent, status, reward, input, output, duration, kind] of block.rollouts) {
      const key = `${task} ${agent}`;
      if (!tasks.has(key)) tasks.set(key, { task, agent, rollouts: [], slow: false });
      const one = { number: number++, rollout, status, reward, input, output, duration, kind };
      tasks.get(key).rollouts.push(one);
    }
  }
  const sorted = [...tasks.values()].sort((a, b) => a.task - b.task);
  for (const task of sorted) {
    task.preview = previews.get(task.task) ?? '';
    finishTask(task);
  }
  shorten(sorted);
  markSlow(sorted);
  return sorted;
}
