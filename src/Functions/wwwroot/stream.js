import { hlsConfig } from "./hls-config.js";
import { say, video } from "./page.js";
import { seconds, wait } from "./time.js";

// It outlives a session, so that the next one goes on where the viewer was.
export class Stream {
  position = 0;
  paused = false;
  recoveries = 0;

  constructor({ isAudio, onFirstFrame, onGone, onFailure }) {
    Object.assign(this, { isAudio, onFirstFrame, onGone, onFailure });
  }

  attach(session) {
    this.session = session;
    this.shortened = false;
    this.attachment = new AbortController();
    this.listen("timeupdate", () => this.keepPosition());
    this.watchFirstFrame();
    if (window.Hls?.isSupported()) this.attachHls();
    else if (video.canPlayType("application/vnd.apple.mpegurl")) this.attachNative();
    else this.onFailure("This browser can't play HLS.");
  }

  suspend() {
    this.paused = video.paused && this.position > 0;
    this.position = video.currentTime || this.position;
    this.detach();
  }

  detach() {
    this.attachment?.abort();
    video.cancelVideoFrameCallback?.(this.frameRequest);
    this.hls?.destroy();
    this.hls = null;
    video.removeAttribute("src");
    video.load();
  }

  listen(event, listener, options) {
    video.addEventListener(event, listener, { ...options, signal: this.attachment.signal });
  }

  keepPosition() {
    if (!video.seeking && video.currentTime > 0) this.position = video.currentTime;
  }

  watchFirstFrame() {
    if (!this.isAudio && video.requestVideoFrameCallback)
      this.frameRequest = video.requestVideoFrameCallback(this.onFirstFrame);
    else this.listen("playing", () => this.onFirstFrame(performance.now()), { once: true });
  }

  /* hls.js */

  attachHls() {
    const hls = this.hls = new Hls(hlsConfig(this.position));
    hls.on(Hls.Events.ERROR, (_, error) => this.onError(error));
    hls.on(Hls.Events.MANIFEST_PARSED, () => this.paused || play());
    hls.on(Hls.Events.BUFFERED_TO_END, () => this.shortened && hls.stopLoad());
    this.listen("seeking", () => this.shortened && hls.startLoad(video.currentTime));
    hls.loadSource(this.session.master);
    hls.attachMedia(video);
  }

  onError(error) {
    const status = error.response?.code;
    if (status === 422) this.onFailure(problemTitle(error.networkDetails));
    else if (error.frag?.type === "subtitle") return;
    else if (status === 404 && error.frag && isOurs(error)) this.endEarly(error.frag);
    else if ([403, 404, 410].includes(status)) this.onGone();
    else if (error.fatal) this.onFatal(error);
  }

  onFatal({ type, details }) {
    const isMediaError = type === Hls.ErrorTypes.MEDIA_ERROR;
    if (details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR)
      this.onFailure("This browser can't play the film in this quality. Choose 1080p or lower.");
    else if (isMediaError && this.recoveries++ < 2) this.hls.recoverMediaError();
    else if (isMediaError) this.onFailure("This browser could not decode the film. Another quality may work.");
    else this.onFailure("The film did not arrive from the server. Press Play to try again.");
  }

  // The playlist was planned from the duration that the file claims. What is buffered plays to its end;
  // who jumped past the end goes back.
  endEarly(frag) {
    say("This film ends earlier than its file says.");
    // A session that is over answers 404 too: the heartbeat tells.
    if (!this.shortened) this.session.beatAfter(0);
    this.shortened = true;
    const type = this.isAudio || frag.type === "audio" ? "audio" : "video";
    if (isBuffered(video.currentTime)) this.hls.trigger(Hls.Events.BUFFER_EOS, { type });
    else video.currentTime = this.position;
  }

  /* A browser that plays HLS itself */

  attachNative() {
    this.listen("error", () => this.onNativeError(), { once: true });
    this.listen("loadedmetadata", () => { video.currentTime = this.position; }, { once: true });
    video.src = this.session.master;
    if (!this.paused) play();
  }

  // It takes the 503 of a segment that is not encoded yet for the end: ask again.
  async onNativeError() {
    if (this.session.isComplete) return this.onFailure("The film stopped. Press Play to start it again.");
    const { signal } = this.attachment;
    await wait(2 * seconds);
    if (!signal.aborted) this.attachNative();
  }
}

async function play() {
  try {
    await video.play();
  } catch (error) {
    if (error.name !== "NotAllowedError") return;
    video.muted = true;
    await video.play().catch(() => {});
    say("The browser keeps the sound off until you turn it on in the player.");
  }
}

function isBuffered(time) {
  const { buffered } = video;
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= time + 0.5 && time <= buffered.end(i) + 0.5) return true;
  return false;
}

// A blob that vanished from the storage is another matter than a segment that the server denies.
function isOurs({ networkDetails, frag }) {
  return new URL(networkDetails?.responseURL || frag.url).pathname.startsWith("/api/hls/");
}

function problemTitle(xhr) {
  try {
    const body = xhr.response instanceof ArrayBuffer ? new TextDecoder().decode(xhr.response) : xhr.response;
    return JSON.parse(body).title;
  } catch {
    return "The film could not be encoded.";
  }
}
