import type { Parameter } from './command.js';

/** About servers that are Python programs. */
const pythonParameters: readonly Parameter[] = [
  {
    key: 'python',
    type: 'path',
    summary: 'the Python for servers that are not built in; docs/python-servers.md',
  },
  {
    key: 'python_servers',
    type: '[name, …]',
    summary: 'environments and agents that run in Python although they are built in',
  },
  { key: 'replicas', type: 'int, or {server: int}', summary: 'processes of each Python server' },
  {
    key: 'server_spinup_timeout_seconds',
    type: 'number, 600',
    summary: 'longest wait for a Python server to answer',
  },
];

/** Parameters of `eval run` that have no flag. */
export const collectParameters: readonly Parameter[] = [
  {
    key: 'agent_map',
    type: '{old: new, _default: new}',
    summary: 'who plays the rows of an agent or task_source; --agent is its _default',
  },
  { key: 'fan_out', type: '{old: [agent, …]}', summary: 'several agents play the rows of one, each its own' },
  {
    key: 'unanswered',
    type: '{stop reason: score|zero|failed|masked}',
    summary: 'what endings without an answer count as; docs/agents.md',
  },
  {
    key: 'num_repeats_add_seed',
    type: 'bool, false',
    summary: 'send the number of the repeat as the seed',
  },
  {
    key: 'responses_create_params.<name>',
    type: 'any',
    summary: 'a request field for every row',
  },
  { key: 'max_cost_usd', type: 'number', summary: 'stop cleanly once so much is spent' },
  { key: 'max_total_tokens', type: 'int', summary: 'stop cleanly once so many tokens are used' },
  { key: 'max_wall_time', type: 'seconds, 90m, 2h', summary: 'stop cleanly after so long' },
  {
    key: 'prices',
    type: '{model: {input, output}}',
    summary: 'USD per million tokens, over the shipped table',
  },
  { key: 'preflight', type: 'bool, true', summary: 'ask each model one tiny thing before the first rollout' },
  {
    key: 'check_dataset',
    type: 'beside|first, beside',
    summary: 'check a large dataset beside its first rollouts, or all of it before anything is sent',
  },
  {
    key: 'max_outage_seconds',
    type: 'seconds',
    summary: 'longest wait for a model or server that cannot be reached',
  },
  { key: 'stall_timeout_seconds', type: 'seconds', summary: 'end a rollout that has not moved for so long' },
  { key: 'record', type: 'path', summary: 'store every exchange with the models in this file' },
  { key: 'replay', type: 'path', summary: 'answer from such a file: no network, no key' },
  { key: 'skills.path', type: 'path', summary: 'directory of skills to stamp on the rows' },
  ...pythonParameters,
  { key: 'concurrency', type: 'int', summary: 'older name of num_samples_in_parallel' },
];

/** Parameters of `env start`. Those about the head server are read by `env status` and `eval run` too. */
export const serveParameters: readonly Parameter[] = [
  { key: 'head_server.host', type: 'text, 127.0.0.1', summary: 'where the head server listens' },
  { key: 'head_server.port', type: 'int, 11000', summary: 'its port; 0 takes a free one' },
  { key: 'default_host', type: 'text, 127.0.0.1', summary: 'where all other servers listen' },
  { key: 'server_token', type: 'text', summary: 'asked of every client; needed where others can reach us' },
  { key: 'session_ttl_seconds', type: 'number, 3600', summary: 'idle time after which a session is closed' },
  { key: 'max_request_bytes', type: 'int, 67108864', summary: 'largest request body' },
  { key: 'preflight', type: 'bool, true', summary: 'ask each model one tiny thing once the servers are up' },
  ...pythonParameters,
];

/**
 * Top-level keys that mean something to some command, here or in the reference, beside the keys of the command
 * table. Used only to tell a slip of the pen from a user's own key.
 */
export const OTHER_KEYS: readonly string[] = [
  'allow_openai_version_skew',
  'allow_partial_rollouts',
  'cache_dir',
  'component_name',
  'config_paths',
  'default_host',
  'disallowed_ports',
  'dry_run',
  'entrypoint',
  'error_on_almost_servers',
  'global_aiohttp_client_request_debug',
  'global_aiohttp_connector_limit',
  'global_aiohttp_connector_limit_per_host',
  'h',
  'head_server',
  'head_server_deps',
  'help',
  'hf_token',
  'input_glob',
  'materialized_inputs_jsonl_fpath',
  'merge_shards',
  'model_call_capture_dir',
  'model_endpoint_readiness_timeout_seconds',
  'nemo_gym_log_dir',
  'observability_enabled',
  'pip_install_verbose',
  'port_range_high',
  'port_range_low',
  'profiling_enabled',
  'profiling_results_dirpath',
  'python_version',
  'query',
  'ray_head_node_address',
  'results_dir',
  'reuse_existing_data_preparation',
  'rollout_collection_driver',
  'rollouts_jsonl_fpath',
  'skip_venv_if_present',
  'skip_verification',
  'skip_verification_reward',
  'token_id_capture',
  'upload_rollouts',
  'upload_rollouts_to_wandb',
  'use_absolute_ip',
  'uv_cache_dir',
  'uv_pip_set_python',
  'uv_venv_dir',
  'uvicorn_logging_show_200_ok',
  'uvicorn_timeout_worker_healthcheck',
  'verbose',
];
