/** The form of the recorded scenarios; their README says what each part means. */
export interface RecordedRequest {
  method: string;
  path: string;
  headers?: Record<string, string | null>;
  body?: unknown;
  text?: string;
  base64?: string;
  repeat?: [string, string, number, string];
  record?: string[];
  raw?: boolean;
}

export interface RecordedResponse {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  text?: string;
  base64?: string;
  text_sha256?: string;
  text_length?: number;
  aborted?: boolean;
}

export interface UpstreamRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: unknown;
  text?: string;
  base64?: string;
  announced_but_absent_body_bytes?: number;
}

export interface Step {
  request: RecordedRequest;
  response?: RecordedResponse;
  upstream?: UpstreamRequest[];
  wait_ms?: number;
  poll?: { until: string; status?: number[]; json?: string; in?: unknown[]; timeout_s: number };
  poll_gave_up?: boolean;
  partial?: string;
  dropped?: string;
  note?: string;
}

export interface Scenario {
  name: string;
  about: string;
  server?: string;
  discovery?: UpstreamRequest[];
  steps: Step[];
}
