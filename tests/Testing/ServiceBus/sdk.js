// The official client of Service Bus, doing as it is told: one command a line on standard input, one answer a line. Its argument is the connection string.
'use strict';
const readline = require('readline');
const { ServiceBusClient } = require('@azure/service-bus');

const client = new ServiceBusClient(process.argv[2], { retryOptions: { maxRetries: 1, timeoutInMs: 10_000 } });
const receivers = new Map();
const held = new Map();
let handles = 0;

const receiver = (queue, deadLetters) => {
  const name = `${queue} ${!!deadLetters}`;
  if (!receivers.has(name)) {
    // It would renew locks by itself for five minutes.
    receivers.set(name, client.createReceiver(queue, { receiveMode: 'peekLock', maxAutoLockRenewalDurationInMs: 0, subQueueType: deadLetters ? 'deadLetter' : undefined }));
  }
  return receivers.get(name);
};
const settle = how => ({ handle, ...options }) => {
  const { from, message } = held.get(handle);
  return how(from, message, options);
};

const commands = {
  send: ({ queue, id, body }) => client.createSender(queue).sendMessages({ messageId: id, contentType: 'application/json', body: Buffer.isBuffer(body) ? body : JSON.parse(body) }),
  receive: async ({ queue, deadLetters, waitMs = 10_000 }) => {
    const from = receiver(queue, deadLetters);
    const [message] = await from.receiveMessages(1, { maxWaitTimeInMs: waitMs });
    if (!message) return { none: true };
    const handle = ++handles;
    held.set(handle, { from, message });
    const { messageId, body, contentType, deliveryCount, applicationProperties, deadLetterReason, deadLetterErrorDescription, timeToLive } = message;
    return { handle, messageId, body, contentType, deliveryCount, applicationProperties, deadLetterReason, deadLetterErrorDescription, timeToLive };
  },
  complete: settle((from, message) => from.completeMessage(message)),
  abandon: settle((from, message) => from.abandonMessage(message)),
  deadLetter: settle((from, message, { reason, description }) => from.deadLetterMessage(message, { deadLetterReason: reason, deadLetterErrorDescription: description })),
  renew: settle(async (from, message) => ({ until: await from.renewMessageLock(message) })),
  peek: async ({ queue }) => ({ messages: (await receiver(queue).peekMessages(100)).map(m => ({ messageId: m.messageId, state: m.state, body: m.body })) }),
};

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { command, ...options } = JSON.parse(line);
    try {
      console.log(JSON.stringify((await commands[command](options)) ?? {}));
    } catch (e) {
      console.log(JSON.stringify({ error: e.code ?? e.name, message: e.message }));
    }
  }
  process.exit();
})();
