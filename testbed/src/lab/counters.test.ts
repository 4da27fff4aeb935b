import { expect, it } from 'vitest';
import { parseClassStatistics } from './counters.ts';

const RECORDED = `class htb 1:1 parent 1:fffe prio 0 rate 10Mbit ceil 100Mbit burst 1563b cburst 1562b 
 Sent 69742894 bytes 48418 pkt (dropped 15402, overlimits 34262 requeues 0) 
 backlog 0b 0p requeues 0
 lended: 7174 borrowed: 41244 giants: 0
 tokens: 18675 ctokens: 1867

class htb 1:fffe root rate 100Mbit ceil 100Mbit burst 1500b cburst 1500b 
 Sent 102812198 bytes 70303 pkt (dropped 0, overlimits 41227 requeues 0) 
 backlog 0b 0p requeues 0

class htb 1:3 parent 1:fffe prio 0 rate 1Mbit ceil 100Mbit burst 1564b cburst 1562b 
 Sent 84 bytes 2 pkt (dropped 0, overlimits 0 requeues 0) 
`;

it('classes of tc are read as queues, the root class is none', () => {
  expect(parseClassStatistics(RECORDED)).toEqual(
    new Map([
      [0, { bytes: 69742894, packets: 48418, drops: 15402 }],
      [2, { bytes: 84, packets: 2, drops: 0 }],
    ]),
  );
});
