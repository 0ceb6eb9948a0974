import { showFailure, showPlaying, showProgress, showRequest, showResult, showStarting } from "./facts.js";
import { askForKey, openForm } from "./form.js";
import { say } from "./page.js";
import { Session } from "./session.js";
import { Stream } from "./stream.js";
import { seconds, wait } from "./time.js";

let current = null;

function play(request) {
  current?.leave();
  say("");
  showRequest(request);
  current = new Play(request);
  current.run();
}

class Play {
  pressed = performance.now();
  session = null;
  waits = 0;
  restarts = 0;
  restarted = 0;

  constructor(request) {
    this.request = request;
    this.stream = new Stream({
      isAudio: request.quality === "audio",
      onFirstFrame: now => this.onFirstFrame(now),
      onGone: () => this.restart(),
      onFailure: text => this.fail(text),
    });
  }

  get isCurrent() { return current === this; }

  async run() {
    try {
      await this.start();
    } catch (problem) {
      if (this.isCurrent) await this.onRefused(problem);
    }
  }

  async start() {
    const session = await Session.open(this.request);
    // Meanwhile another film was chosen: this session has no viewer.
    if (!this.isCurrent) return session.end();
    this.session = session;
    this.waits = 0;
    showResult(session.answer);
    showProgress(session.answer);
    session.keepAlive({ onBeat: answer => this.onBeat(answer), onGone: () => this.restart() });
    this.stream.attach(session);
  }

  onFirstFrame(now) {
    showPlaying(this.request, now - this.pressed);
  }

  onBeat(answer) {
    if (answer.state === "failed") this.fail(answer.error ?? "The film could not be encoded.");
    else showProgress(answer);
  }

  async restart() {
    const now = performance.now();
    this.restarts = now - this.restarted < 30 * seconds ? this.restarts + 1 : 1;
    this.restarted = now;
    if (this.restarts > 3) return this.fail("The film could not be continued. Press Play to start it again.");
    this.stream.suspend();
    this.session.end();
    this.session = null;
    showStarting("Picking up where you were…");
    await this.run();
  }

  async onRefused({ status, message, retryAfter }) {
    const isBusy = [0, 429, 503].includes(status);
    const isMidFilm = this.stream.position > 0;
    if (isBusy && isMidFilm && this.waits++ < 10) return this.runAgain(message, retryAfter || 5);
    this.fail(retryAfter ? `${message} Try again in ${retryAfter} seconds.` : message);
    if (status === 401) askForKey();
  }

  // Who is in the middle of a film waits for a busy server.
  async runAgain(message, delay) {
    say(`${message} Trying again in ${delay} seconds.`);
    await wait(delay * seconds);
    if (!this.isCurrent) return;
    say("");
    await this.run();
  }

  fail(text) {
    this.leave();
    showFailure(text, this.session !== null);
  }

  leave() {
    current = null;
    this.stream.detach();
    this.session?.end();
  }
}

addEventListener("pagehide", () => current?.session?.endByBeacon());
addEventListener("pageshow", event => event.persisted && current?.session?.beat());

openForm(play);
