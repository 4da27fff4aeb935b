/** Door for tests: a controller with fakes around it. */
export { testInventory } from './inventory.ts';
export { createScriptedAgents, type ScriptedAgents, testVm } from './scripted-agents.ts';
export { startTestController, type TestController } from './test-controller.ts';
