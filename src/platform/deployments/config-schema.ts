import {
  anything,
  boolean,
  integer,
  list,
  map,
  nullable,
  object,
  oneOf,
  optional,
  required,
  text,
} from '../schema/index.js';
import { descriptionField, nameField, projectField, TOOL_CALLS } from '../resources/index.js';

export const ENGINES = ['nim', 'vllm', 'generic'];

const shortText = optional(nullable(text({ max: 255 })));
const count = optional(nullable(integer({ ge: 0 })));

const MODEL_SPEC = object({
  model_type: optional(nullable(oneOf(['llm', 'embed', 'other']))),
  model_namespace: shortText,
  model_name: shortText,
  model_revision: shortText,
  chat_template: optional(nullable(text())),
  tool_call_config: optional(nullable(TOOL_CALLS)),
  lora_enabled: optional(boolean, false),
});

const KUBERNETES = object({
  resources: optional(nullable(map(anything))),
  tolerations: optional(nullable(list(map(anything)))),
  node_selector: optional(nullable(map(text()))),
  startup_probe_grace_seconds: optional(nullable(integer({ gt: 0 }))),
});

const EXECUTOR = object({
  gpu: required(integer({ ge: 0 })),
  disk_size: optional(text(), '50Gi'),
  image_name: shortText,
  image_tag: shortText,
  health_check_path: shortText,
  run_as_user: count,
  run_as_group: count,
  additional_envs: optional(nullable(map(text()))),
  additional_args: optional(list(text()), []),
  k8s_nim_operator_config: optional(nullable(KUBERNETES)),
  override_config: optional(nullable(map(anything))),
});

const CHANGEABLE = {
  description: descriptionField,
  engine: required(oneOf(ENGINES)),
  model_spec: required(MODEL_SPEC),
  executor_config: required(EXECUTOR),
  model_entity_id: shortText,
};

export const CREATE_CONFIG = object({
  name: nameField,
  project: projectField,
  ...CHANGEABLE,
});
export const UPDATE_CONFIG = object(CHANGEABLE);
