// A queue as Service Bus keeps it: peek-lock, delivery counts, dead letters, schedules, duplicate detection. Knows nothing of the wire.
'use strict';
const { randomBytes } = require('crypto');

class Queue {
  constructor(name, { lockSeconds = 60, maxDeliveries = 10, duplicateSeconds = 600 } = {}, isDeadLetters = false) {
    Object.assign(this, { name, lockSeconds, maxDeliveries, duplicateSeconds });
    this.messages = []; // in order of sequence number; locked and scheduled ones too
    this.locks = new Map(); // token, as hex, to message
    this.seen = new Map(); // message id to the time until which it is a duplicate
    this.consumers = []; // each { credit(), push(message, token) }
    this.sequence = 0;
    this.counts = { sent: 0, duplicates: 0, delivered: 0, renewed: 0 };
    this.deadLetters = isDeadLetters ? null : new Queue(`${name}/$DeadLetterQueue`, { lockSeconds, maxDeliveries: 1e9, duplicateSeconds: 0 }, true);
  }

  send(content) {
    const now = Date.now();
    const id = content.message_id;
    if (id !== undefined && this.duplicateSeconds > 0) {
      if ((this.seen.get(id) ?? 0) > now) {
        this.counts.duplicates++;
        return;
      }
      this.seen.set(id, now + this.duplicateSeconds * 1000);
    }

    this.counts.sent++;
    const due = content.message_annotations?.['x-opt-scheduled-enqueue-time'];
    const scheduled = due && due.getTime() > now ? due.getTime() : undefined;
    const message = { content, sequence: ++this.sequence, enqueued: scheduled ?? now, deliveries: 0, scheduled };
    this.messages.push(message);
    if (scheduled) {
      setTimeout(() => {
        message.scheduled = undefined;
        this.pump();
      }, scheduled - now).unref();
    }
    this.pump();
  }

  // Hands what is available to whoever has credit, each in turn.
  pump() {
    for (const message of this.messages.filter(m => !m.token && !m.scheduled)) {
      if (message.content.ttl && message.enqueued + message.content.ttl <= Date.now()) {
        this.remove(message);
        continue;
      }

      const consumer = this.consumers.find(c => c.credit() > 0);
      if (!consumer) {
        return;
      }
      this.consumers.push(...this.consumers.splice(this.consumers.indexOf(consumer), 1));
      this.lock(message);
      this.counts.delivered++;
      consumer.push(message);
    }
  }

  lock(message) {
    message.token = randomBytes(16);
    this.locks.set(message.token.toString('hex'), message);
    this.extend(message);
  }

  extend(message) {
    clearTimeout(message.timer);
    message.lockedUntil = Date.now() + this.lockSeconds * 1000;
    message.timer = setTimeout(() => this.abandon(message), this.lockSeconds * 1000).unref();
  }

  renew(token) {
    const message = this.locks.get(token);
    if (message) {
      this.counts.renewed++;
      this.extend(message);
    }
    return message;
  }

  // False when the lock is lost.
  settle(token, how, { reason, description, changes } = {}) {
    const message = this.locks.get(token);
    if (!message) {
      return false;
    }
    if (changes) message.content = { ...message.content, application_properties: { ...message.content.application_properties, ...changes } };
    if (how === 'completed') this.remove(message);
    else if (how === 'abandoned') this.abandon(message);
    else if (how === 'released') this.release(message);
    else if (how === 'suspended') this.bury(message, reason, description);
    else throw new Error(`no such disposition: ${how}`);
    return true;
  }

  abandon(message) {
    message.deliveries++;
    if (message.deliveries >= this.maxDeliveries) {
      this.bury(message, 'MaxDeliveryCountExceeded', `Message could not be consumed after ${this.maxDeliveries} delivery attempts.`);
    } else {
      this.release(message);
    }
  }

  release(message) {
    this.unlock(message);
    this.pump();
  }

  bury(message, reason, description) {
    this.remove(message);
    const properties = { ...message.content.application_properties };
    if (reason !== undefined) properties.DeadLetterReason = reason;
    if (description !== undefined) properties.DeadLetterErrorDescription = description;
    this.deadLetters.send({ ...message.content, ttl: undefined, message_annotations: undefined, application_properties: properties });
  }

  remove(message) {
    this.unlock(message);
    this.messages.splice(this.messages.indexOf(message), 1);
  }

  unlock(message) {
    clearTimeout(message.timer);
    if (message.token) this.locks.delete(message.token.toString('hex'));
    message.token = undefined;
  }

  loseLocks() {
    for (const message of [...this.locks.values()]) this.abandon(message);
  }

  peek(from, count) {
    return this.messages.filter(m => m.sequence >= from).slice(0, count);
  }
}

module.exports = { Queue };
