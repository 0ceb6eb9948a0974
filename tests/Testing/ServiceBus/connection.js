// One client's connection: what it may reach, and its links to queues and to the nodes that answer questions.
'use strict';
const { message: amqp, types } = require('rhea');
const { readToken } = require('./tokens');

const cbsLimit = 20_000;

// Lock tokens are .NET GUIDs in delivery tags, and UUIDs in the bodies of questions.
const swap = token => Buffer.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map(i => token[i]));
const entityOf = audience => decodeURIComponent(new URL(audience).pathname.slice(1));

// Some clients write `/jobs`, others `jobs`.
const nodeOf = link => (link.is_receiver() ? link.target : link.source)?.address?.replace(/^\//, '');
const mostBytes = 262_144;

// Who is to settle, and when, is as the client asked: what it sends settled has no tag of its own.
const agree = link => Object.assign(link.local.attach, { snd_settle_mode: link.snd_settle_mode, rcv_settle_mode: link.rcv_settle_mode });

// What waits to be written: the library takes it off the credit only then.
const unsent = sender => {
  const { outgoing } = sender.session;
  let count = 0;
  for (let id = outgoing.next_pending_delivery; id < outgoing.next_delivery_id; id++) {
    if (outgoing.deliveries.by_id(id)?.link === sender) count++;
  }
  return count;
};

class Client {
  constructor(connection, broker) {
    Object.assign(this, { connection, broker });
    this.rights = new Map(); // node to { rights, timer }
    this.replies = new Map(); // reply address to sender
    this.consumers = [];
    // Whoever does not say who he is must go.
    this.patience = setTimeout(() => this.rights.size || connection.close({ condition: 'amqp:unauthorized-access', description: 'No token was put in time.' }), cbsLimit).unref();
    connection.on('receiver_open', context => this.openReceiver(context.receiver));
    connection.on('sender_open', context => this.openSender(context.sender));
    connection.on('message', context => this.received(context));
  }

  // Null when the link may be opened, else why not.
  refusal(node, right) {
    if (node === '$cbs') return null;
    const name = node.replace(/\/\$management$/, '');
    const allowed = this.rights.get(node) ?? this.rights.get(name);
    if (!allowed) return { condition: 'amqp:unauthorized-access', description: `Unauthorized access. No token was put for ${node}.` };
    if (!this.broker.find(name)) return { condition: 'amqp:not-found', description: `The messaging entity '${name}' could not be found.` };
    if (!allowed.rights.includes(right)) return { condition: 'amqp:unauthorized-access', description: `Unauthorized access. '${right}' claim(s) are required to perform this operation.` };
    return null;
  }

  // The client sends.
  openReceiver(receiver) {
    const node = nodeOf(receiver);
    const refused = this.refusal(node, node?.endsWith('/$management') ? 'Listen' : 'Send');
    if (refused) return receiver.close(refused);
    receiver.set_target({ address: receiver.target?.address });
    receiver.set_source({ address: receiver.source?.address });
    receiver.local.attach.max_message_size = mostBytes;
    agree(receiver);
  }

  // The client receives.
  openSender(sender) {
    const node = nodeOf(sender);
    const refused = this.refusal(node, 'Listen');
    if (refused) return sender.close(refused);
    sender.set_source({ address: sender.source?.address });
    sender.set_target({ address: sender.target?.address });
    agree(sender);
    if (node === '$cbs' || node.endsWith('/$management')) {
      // Some clients give their end an address, others go by the link's name.
      this.replies.set(sender.target.address ?? sender.name, sender);
      return;
    }
    this.consume(sender, this.broker.find(node));
  }

  consume(sender, queue) {
    const consumer = {
      queue,
      credit: () => (sender.is_open() ? sender.credit - unsent(sender) : 0),
      push: message => {
        const delivery = sender.send(this.encode(message), this.broker.shortTags ? Buffer.from('tag') : swap(message.token), 0);
        delivery.lock = message.token.toString('hex');
      },
    };
    queue.consumers.push(consumer);
    this.consumers.push(consumer);
    const gone = () => queue.consumers.includes(consumer) && queue.consumers.splice(queue.consumers.indexOf(consumer), 1);
    sender.on('sender_close', gone);
    sender.on('sender_flow', () => {
      queue.pump();
      if (sender._draining) sender.set_drained(true);
    });
    const settle = how => ({ delivery }) => {
      if (this.broker.refused === 'com.microsoft:update-disposition') {
        delivery.update(true, amqp.rejected({ error: unauthorized }).described());
        return;
      }
      const { error, message_annotations: changes } = delivery.remote_state;
      const { DeadLetterReason: reason, DeadLetterErrorDescription: description } = error?.info ?? {};
      const settled = queue.settle(delivery.lock, how, { reason, description, changes });
      // Whoever settles first himself is not answered.
      if (!delivery.remote_settled) {
        delivery.update(true, (settled ? amqp.accepted() : amqp.rejected({ error: lockLost })).described());
      }
    };
    sender.on('accepted', settle('completed'));
    sender.on('released', settle('released'));
    sender.on('modified', settle('abandoned'));
    sender.on('rejected', settle('suspended'));
    queue.pump();
  }

  encode(message) {
    const { content } = message;
    return amqp.encode({
      ...content,
      delivery_count: message.deliveries,
      message_annotations: {
        ...content.message_annotations,
        'x-opt-sequence-number': types.wrap_long(message.sequence),
        'x-opt-enqueued-time': types.wrap_timestamp(message.enqueued),
        'x-opt-message-state': types.wrap_int(message.scheduled ? 2 : 0),
        ...(message.token && { 'x-opt-locked-until': types.wrap_timestamp(message.lockedUntil) }),
      },
    });
  }

  received({ message, receiver, delivery }) {
    const node = nodeOf(receiver);
    if (node === '$cbs') {
      this.answer(message, this.putToken(message), 'status-code', 'status-description');
    } else if (node.endsWith('/$management')) {
      this.broker.counts.questions++;
      this.answer(message, this.manage(this.broker.find(node.replace(/\/\$management$/, '')), message), 'statusCode', 'statusDescription');
    } else {
      this.broker.find(node).send(message);
      if (this.broker.takesAndDrops) {
        this.broker.takesAndDrops = false;
        this.connection.socket.destroy();
        return;
      }
    }
    delivery.accept();
  }

  putToken(message) {
    const { name, type } = message.application_properties;
    const read = readToken(String(message.body), type, this.broker);
    if (read.error) return { status: 401, description: read.error };
    const node = entityOf(name);
    // A token of the whole namespace is good for each of its queues.
    if (read.audience && ![node, ''].includes(entityOf(read.audience))) return { status: 401, description: 'InvalidAudience' };
    this.broker.counts.tokens++;
    clearTimeout(this.rights.get(node)?.timer);
    const timer = setTimeout(() => this.drop(node), Math.min(read.expires - Date.now(), 2 ** 31 - 1)).unref();
    this.rights.set(node, { rights: read.rights, timer });
    return { status: 202, description: 'Accepted' };
  }

  // The token of the node ran out.
  drop(node) {
    this.rights.delete(node);
    this.detach(link => !this.rights.has(nodeOf(link)) && nodeOf(link).replace(/\/\$management$/, '') === node,
      { condition: 'amqp:unauthorized-access', description: `ExpiredToken: The token for ${node} is expired.` });
  }

  detach(which, error) {
    this.connection.each_link(link => link.is_open() && which(link) && link.close(error));
  }

  manage(queue, { application_properties: { operation, 'associated-link-name': link }, body }) {
    if (link && !this.connection.find_link(l => l.name === link && l.is_open())) return { status: 400, condition: 'amqp:invalid-field', description: `No link ${link} is open.` };
    if (link) this.broker.counts.named++;
    if (operation === this.broker.refused) return { status: 401, ...unauthorized };
    const tokens = [].concat(body['lock-tokens'] ?? []).map(t => Buffer.from(t).toString('hex'));
    switch (operation) {
      case 'com.microsoft:renew-lock': {
        const renewed = tokens.map(t => queue.renew(t));
        return renewed.every(Boolean)
          ? { status: 200, body: { expirations: types.wrap_array(renewed.map(m => m.lockedUntil), 0x83) } }
          : lockLost;
      }
      case 'com.microsoft:update-disposition': {
        const settled = tokens.map(t => queue.settle(t, body['disposition-status'],
          { reason: body['deadletter-reason'], description: body['deadletter-description'], changes: body['properties-to-modify'] }));
        return settled.every(Boolean) ? { status: 200 } : lockLost;
      }
      case 'com.microsoft:peek-message': {
        const messages = queue.peek(Number(body['from-sequence-number']), Number(body['message-count']));
        return messages.length
          ? { status: 200, body: { messages: messages.map(m => ({ message: this.encode(m) })) } }
          : this.broker.emptyIsNotFound ? { status: 404, condition: 'com.microsoft:message-not-found', description: 'The message could not be found.' }
          : { status: 204 };
      }
      default:
        return { status: 400, condition: 'amqp:not-implemented', description: operation };
    }
  }

  answer(question, { status, condition, description = '', body }, statusName, descriptionName) {
    const properties = { [statusName]: types.wrap_int(status), [descriptionName]: description };
    if (condition) properties.errorCondition = types.wrap_symbol(condition);
    this.replies.get(question.reply_to)?.send({ correlation_id: question.message_id, application_properties: properties, body: body ?? null });
  }

  // Locks outlive their connection.
  gone() {
    clearTimeout(this.patience);
    for (const { timer } of this.rights.values()) clearTimeout(timer);
    for (const { queue } of this.consumers) queue.consumers = queue.consumers.filter(c => !this.consumers.includes(c));
  }
}

const unauthorized = { condition: 'amqp:unauthorized-access', description: 'Unauthorized access.' };
const lockLost = { status: 410, condition: 'com.microsoft:message-lock-lost', description: 'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.' };

module.exports = { Client, nodeOf };
