// A small broker in the shape of Service Bus. Its one argument is its configuration; it prints the port that it listens on, and then obeys one
// command a line on standard input, with one answer a line. It ends when its input does.
'use strict';
const rhea = require('rhea');
const fs = require('fs');
const readline = require('readline');
const { Queue } = require('./queue');
const { Client, nodeOf } = require('./connection');

const config = JSON.parse(process.argv[2]);
const broker = {
  keys: config.keys, // name to { secret, rights }
  jwtKey: config.jwtKey,
  queues: new Map(),
  shortTags: false,
  counts: { connections: 0, tokens: 0, questions: 0, named: 0 },
  find(name) {
    const [own, sub] = name.split('/');
    const queue = this.queues.get(own.toLowerCase());
    return sub ? queue?.deadLetters : queue;
  },
};
const clients = new Set();
const sockets = new Set();
let server;
let port = 0;

const container = rhea.create_container({ id: 'broker', non_fatal_errors: ['ECONNRESET', 'EPIPE'] });
container.on('connection_open', ({ connection }) => {
  broker.counts.connections++;
  const client = new Client(connection, broker);
  clients.add(client);
  const gone = () => {
    client.gone();
    clients.delete(client);
  };
  connection.on('connection_close', gone);
  connection.socket.on('close', gone);
});
for (const event of ['connection_error', 'protocol_error', 'error', 'sender_error', 'receiver_error', 'session_error', 'disconnected', 'settled']) {
  container.on(event, () => {});
}
container.sasl_server_mechanisms.enable_anonymous();
// The .NET client's name for the same: who it is it says on $cbs.
container.sasl_server_mechanisms.MSSBCBS = container.sasl_server_mechanisms.ANONYMOUS;

const listen = () => new Promise((resolve, reject) => {
  const tls = config.tls && { transport: 'tls', key: fs.readFileSync(config.tls.key), cert: fs.readFileSync(config.tls.cert) };
  server = container.listen({
    host: '127.0.0.1', port, require_sasl: true, idle_time_out: 60_000, autoaccept: false, treat_modified_as_released: false, ...tls,
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.once('error', reject);
  server.once('listening', () => {
    port = server.address().port;
    resolve();
  });
});

const drop = () => sockets.forEach(socket => socket.destroy());

const stop = () => new Promise(resolve => {
  server.close(resolve);
  drop();
});

const commands = {
  queue: ({ name, ...options }) => {
    broker.queues.set(name, new Queue(name, options));
  },
  remove: ({ name }) => {
    broker.queues.delete(name);
  },
  state: ({ name }) => {
    const queue = broker.find(name);
    return {
      ...queue.counts, count: queue.messages.length, locked: queue.locks.size, credit: queue.consumers.reduce((sum, c) => sum + c.credit(), 0),
      messages: queue.messages.slice(0, 20).map(({ content, deliveries, scheduled }) => ({
        id: content.message_id, deliveries, scheduled: !!scheduled, body: String(content.body?.content ?? content.body),
        properties: Object.fromEntries(Object.entries(content.application_properties ?? {}).map(([name, value]) => [name, String(value)])),
        contentType: content.content_type, ttl: content.ttl,
      })),
    };
  },
  send: ({ name, id, body }) => broker.find(name).send({ message_id: id, body: rhea.message.data_section(Buffer.from(body)) }),
  lock: ({ name, seconds }) => {
    broker.find(name).lockSeconds = seconds;
  },
  loseLocks: ({ name }) => broker.find(name).loseLocks(),
  stop,
  start: listen,
  // Connections end without a word, as when a cable is pulled; the broker's state stays.
  drop,
  // Links end with a word, connections stay.
  detach: ({ name }) => clients.forEach(client => client.detach(
    link => nodeOf(link)?.split('/')[0] === name,
    { condition: 'amqp:link:detach-forced', description: 'The link was detached by the broker.' })),
  // What the service does to connections on which nothing happens.
  idle: () => clients.forEach(client => client.connection.close({ condition: 'amqp:connection:forced', description: 'The connection was inactive for more than the allowed 300000 milliseconds.' })),
  // Connections stay open, and nothing is answered any more.
  silence: () => sockets.forEach(socket => {
    socket.pause();
    socket.write = () => true;
  }),
  keys: ({ keys }) => {
    broker.keys = keys;
  },
  shortTags: ({ on }) => {
    broker.shortTags = on;
  },
  // A question that management nodes answer with 401, as in com.microsoft:renew-lock.
  refuse: ({ operation }) => {
    broker.refused = operation;
  },
  // The next message that comes is kept, but its connection ends before the sender is told.
  takeAndDrop: () => {
    broker.takesAndDrops = true;
  },
  // Who peeks where nothing is gets 404 in place of 204.
  emptyIsNotFound: () => {
    broker.emptyIsNotFound = true;
  },
  counts: () => broker.counts,
};

(async () => {
  await listen();
  console.log(port);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { command, ...options } = JSON.parse(line);
    console.log(JSON.stringify((await commands[command](options)) ?? {}));
  }
  process.exit();
})();
