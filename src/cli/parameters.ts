import type { Parameter } from './command.js';

/** Parameters of `eval run` that have no flag. */
export const collectParameters: readonly Parameter[] = [
  { key: 'overwrite', type: 'bool, false', summary: 'move the files of a former run aside and start anew' },
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
  { key: 'skills.path', type: 'path', summary: 'directory of skills to stamp on the rows' },
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
  'mlflow_experiment_name',
  'mlflow_run_name',
  'mlflow_tracking_token',
  'mlflow_tracking_uri',
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
  'wandb_api_key',
  'wandb_name',
  'wandb_project',
];
