import { describe, expect, it } from 'vitest';
import { parseEvent } from './controller-client.ts';

describe('events of the controller', () => {
  it('are read from a block of a server-sent event', () => {
    const block =
      'id: 1-0\nevent: vm_stopped\ndata: {"type":"vm_stopped","subject":"web-1","data":{"vmId":"web"}}';
    expect(parseEvent(block)).toEqual({ type: 'vm_stopped', subject: 'web-1', data: { vmId: 'web' } });
  });
  it('are nothing when the block is a comment or not ours', () => {
    for (const block of [': keep-alive', 'data: {', 'data: 7', '']) expect(parseEvent(block)).toBeNull();
  });
});
