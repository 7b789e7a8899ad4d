import { json } from '../../serve/http/index.js';
import type { Endpoint } from '../http/index.js';
import { refuse, type ResourceParts } from './parts.js';

/**
 * Who may do what in a workspace. Tokens are given out by the operator of this platform, and not by its users: nobody is
 * a member, and nobody can be made one.
 */
export function memberEndpoints({ registry }: ResourceParts): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/apis/entities/v2/workspaces/{workspace}/members',
      handle({ params: { workspace = '' } }) {
        if (registry.get('workspace', '', workspace) === undefined)
          throw refuse(404, `Workspace '${workspace}' not found`);
        return json({ data: [] });
      },
    },
  ];
}
