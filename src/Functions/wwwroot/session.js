import { call, callWithKey } from "./api.js";
import { video } from "./page.js";
import { seconds } from "./time.js";

const heartbeatWhileEncoding = 1 * seconds;
const heartbeatWhenComplete = 60 * seconds;
const heartbeatAfterFailure = 5 * seconds;

export class Session {
  static async open(request) {
    return new Session(await callWithKey("POST", "/api/play", request));
  }

  constructor(answer) {
    this.answer = answer;
    this.state = answer.state;
    this.master = answer.master;
    this.url = `/api/sessions/${answer.session}`;
    this.query = `?t=${answer.master.match(/\/api\/hls\/([^/]+)\//)[1]}`;
  }

  get isComplete() { return this.state === "hit"; }

  keepAlive({ onBeat, onGone }) {
    this.onBeat = onBeat;
    this.onGone = onGone;
    this.beatNext();
  }

  beatNext() {
    this.beatAfter(this.isComplete ? heartbeatWhenComplete : heartbeatWhileEncoding);
  }

  beatAfter(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), delay);
  }

  async beat() {
    try {
      const answer = await call("PUT", this.url + this.query, { position: video.currentTime });
      if (!this.ended) this.take(answer);
    } catch (problem) {
      if (this.ended) return;
      if (problem.status === 410 || problem.status === 404) this.onGone();
      else this.beatAfter(heartbeatAfterFailure);
    }
  }

  take(answer) {
    this.state = answer.state;
    this.beatNext();
    this.onBeat(answer);
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    fetch(this.url + this.query, { method: "DELETE", keepalive: true }).catch(() => {});
  }

  // A page that comes back from the browser's cache goes on: it is not marked as ended.
  endByBeacon() {
    navigator.sendBeacon(`${this.url}/end${this.query}`);
  }
}
