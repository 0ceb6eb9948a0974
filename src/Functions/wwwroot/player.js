const page = Object.fromEntries([...document.querySelectorAll("[id]")].map(element => [element.id, element]));
const video = page.video;

const missReasons = {
  "cold": "first play",
  "evicted": "evicted since the last play",
  "source-changed": "the file has changed",
  "settings-changed": "the encoding settings have changed",
  "failed-integrity": "the stored copy was damaged",
  "expired-failure": "another try after a failure",
};

const seconds = 1000;
const heartbeatWhileEncoding = 1 * seconds;
const heartbeatWhenComplete = 60 * seconds;
const heartbeatAfterFailure = 5 * seconds;

/* Calls */

const sentence = text => /[.!?…]$/.test(text) ? text : `${text}.`;

class Problem extends Error {
  constructor(status, { title, detail } = {}, retryAfter = 0) {
    super([title ?? `The server answered with status ${status}.`, detail].filter(Boolean).map(sentence).join(" "));
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

async function call(method, path, body, headers = {}) {
  const response = await fetch(path, {
    method,
    headers: { ...headers, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
    cache: "no-store",
  }).catch(() => { throw new Problem(0, { title: "The server can't be reached." }); });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body, Number(response.headers.get("Retry-After")) || 0);
}

function callWithKey(method, path, body) {
  const key = sessionStorage.getItem("key");
  return call(method, path, body, key ? { "x-functions-key": key } : {});
}

/* Words */

function nameOf(source) {
  const stem = source.split("/").pop().replace(/\.[^.]+$/, "");
  const name = stem.includes(" ") ? stem : stem.replace(/[._-]+/g, " ").trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function sizeOf(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return new Intl.NumberFormat("en", { style: "unit", unit: units[power], maximumSignificantDigits: 3 })
    .format(bytes / 1000 ** power);
}

function say(text, bad = false) {
  page.message.textContent = text;
  page.message.classList.toggle("bad", bad);
}

const wait = delay => new Promise(resolve => setTimeout(resolve, delay));

/* Choosing a source: a combobox over the paged list */

const library = { prefix: null, sources: [], next: null, note: "" };
let active = -1;
let searching = false;

async function browse(prefix) {
  Object.assign(library, { prefix, sources: [], next: null, note: "Loading…" });
  await loadMore();
}

async function loadMore() {
  const { prefix, next } = library;
  const query = new URLSearchParams({ prefix, ...(next && { after: next }) });
  try {
    const answer = await callWithKey("GET", `/api/sources?${query}`);
    if (prefix !== library.prefix || next !== library.next) return;
    library.sources.push(...answer.sources);
    library.next = answer.next;
    library.note = "No film found. A full path works too.";
  } catch (problem) {
    library.note = problem.message;
    if (problem.status === 401) page.keyField.hidden = false;
  }
  if (isListOpen()) showSources();
}

// A path is searched by the server, a word among what is loaded.
function matches({ source }) {
  const text = page.source.value.trim().toLowerCase();
  if (!searching || text.startsWith("/")) return true;
  return source.toLowerCase().includes(text) || nameOf(source).toLowerCase().includes(text);
}

function showSources() {
  const options = library.sources.filter(matches).map(sourceOption);
  if (options.length === 0) options.push(emptyOption());
  if (library.next) options.push(moreOption());
  options.forEach((option, i) => { option.id = `source-${i}`; });
  page.sources.replaceChildren(...options);
  page.sources.hidden = false;
  page.source.setAttribute("aria-expanded", "true");
  activate(Math.min(active, options.length - 1));
}

function hideSources() {
  page.sources.hidden = true;
  page.source.setAttribute("aria-expanded", "false");
  activate(-1);
}

const isListOpen = () => !page.sources.hidden;

function option(className, ...texts) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.className = className;
  item.append(...texts);
  return item;
}

function text(className, content) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = content;
  return span;
}

function sourceOption({ source, bytes }) {
  const item = option("source", text("name", nameOf(source)), text("size", sizeOf(bytes)), text("path", source));
  item.pick = () => choose(source);
  return item;
}

function moreOption() {
  const item = option("more", "Load more");
  item.pick = loadMore;
  return item;
}

function emptyOption() {
  const item = option("none", library.note);
  item.setAttribute("aria-disabled", "true");
  return item;
}

function activate(index) {
  page.sources.querySelector("[aria-selected]")?.removeAttribute("aria-selected");
  active = index;
  const item = page.sources.children[index];
  item?.setAttribute("aria-selected", "true");
  item?.scrollIntoView({ block: "nearest" });
  if (item) page.source.setAttribute("aria-activedescendant", item.id);
  else page.source.removeAttribute("aria-activedescendant");
}

function choose(source) {
  page.source.value = source;
  searching = false;
  hideSources();
}

async function search() {
  if (document.activeElement !== page.source) return;
  searching = true;
  active = -1;
  const typed = page.source.value.trim();
  const prefix = typed.startsWith("/") ? typed : "";
  showSources();
  if (prefix !== library.prefix) await browse(prefix);
}

function steer(event) {
  const count = page.sources.children.length;
  const keys = {
    ArrowDown: () => isListOpen() ? activate((active + 1) % count) : showSources(),
    ArrowUp: () => isListOpen() ? activate((active + count - (active < 0 ? 0 : 1)) % count) : showSources(),
    Escape: hideSources,
    Enter: () => page.sources.children[active].pick?.(),
  };
  if (!keys[event.key] || (event.key === "Enter" && active < 0)) return;
  event.preventDefault();
  keys[event.key]();
}

function debounce(action, delay) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(action, delay); };
}

page.source.addEventListener("input", debounce(search, 150));
page.source.addEventListener("click", () => isListOpen() || showSources());
page.source.addEventListener("keydown", steer);
page.source.addEventListener("blur", hideSources);
page.sources.addEventListener("pointerdown", event => event.preventDefault());
page.sources.addEventListener("click", event => event.target.closest("li")?.pick?.());

/* What the page shows of a play */

function setState(state, words) {
  document.body.dataset.state = state;
  if (words) page.veil.textContent = words;
}

function showRequest({ source, quality }) {
  delete document.body.dataset.result;
  delete document.body.dataset.ttff;
  page.title.textContent = nameOf(source);
  page.badge.textContent = page.reason.textContent = "";
  page.facts.hidden = false;
  page.firstFrame.hidden = page.encode.hidden = true;
  page.stage.classList.toggle("audio", quality === "audio");
  page.firstWhat.textContent = quality === "audio" ? "First sound" : "First frame";
  document.title = `${nameOf(source)} · HlsCache`;
}

function showResult({ state, reason }) {
  const result = state === "hit" ? "hit" : "miss";
  document.body.dataset.result = result;
  page.badge.textContent = result.toUpperCase();
  page.reason.textContent = result === "hit" ? "from the cache" : missReasons[reason] ?? reason ?? "";
}

function showProgress(state, { ready = 0, total = 0, percent = 0, speed } = {}) {
  const complete = state === "hit";
  const stateText = { queued: "Waiting for an encoder…", encoding: "Encoding", hit: "Complete" }[state];
  // A screen reader would repeat a text that is only set again.
  if (page.stateText.textContent !== stateText) page.stateText.textContent = stateText;
  page.progressText.textContent = [
    total > 0 && (complete ? `${total} segments` : `${ready} of ${total} segments`),
    total > 0 && !complete && `${Math.floor(percent)} %`,
    speed > 0 && !complete && `${speed.toFixed(1)}×`,
  ].filter(Boolean).join(" · ");
  if (complete || total > 0) page.bar.value = complete ? 100 : percent;
  else page.bar.removeAttribute("value");
  page.bar.classList.toggle("complete", complete);
  page.encode.hidden = false;
}

function showFirstFrame(milliseconds) {
  document.body.dataset.ttff = Math.round(milliseconds);
  page.ttff.textContent = `${(milliseconds / seconds).toFixed(2)} s`;
  page.firstFrame.hidden = false;
}

const waitingFor = {
  queued: "Waiting for an encoder…",
  encoding: "Encoding the first seconds…",
  hit: "Loading…",
};

/* A play, from the press to the end of its session */

let current = null;

class Play {
  constructor(request) {
    this.request = request;
    this.pressed = performance.now();
    this.position = 0;
    this.recoveries = 0;
    this.restarts = 0;
    this.restarted = 0;
    this.waits = 0;
  }

  get isCurrent() { return current === this; }
  get sessionUrl() { return `/api/sessions/${this.answer.session}`; }
  get tokenQuery() { return `?t=${this.answer.master.match(/\/api\/hls\/([^/]+)\//)[1]}`; }

  async start() {
    const answer = await callWithKey("POST", "/api/play", this.request);
    this.answer = answer;
    // Meanwhile another film was chosen: this session has no viewer.
    if (!this.isCurrent) return this.endSession();
    this.waits = 0;
    showResult(answer);
    showProgress(answer.state, answer.progress);
    setState("starting", waitingFor[answer.state]);
    this.complete = answer.state === "hit";
    this.watchFirstFrame();
    this.beatAfter(this.complete ? heartbeatWhenComplete : heartbeatWhileEncoding);
    this.attach();
  }

  attach() {
    this.shortened = false;
    if (window.Hls?.isSupported()) this.attachHls();
    else if (video.canPlayType("application/vnd.apple.mpegurl")) this.attachNative();
    else this.fail("This browser can't play HLS.");
  }

  attachHls() {
    const hls = this.hls = new Hls(hlsConfig(this.position));
    hls.on(Hls.Events.ERROR, (_, error) => this.onHlsError(error));
    hls.on(Hls.Events.MANIFEST_PARSED, () => this.paused || playVideo());
    hls.on(Hls.Events.BUFFERED_TO_END, () => this.shortened && hls.stopLoad());
    hls.loadSource(this.answer.master);
    hls.attachMedia(video);
  }

  attachNative() {
    video.src = this.answer.master;
    video.addEventListener("loadedmetadata", () => { video.currentTime = this.position; }, { once: true });
    if (!this.paused) playVideo();
  }

  detach() {
    clearTimeout(this.timer);
    video.cancelVideoFrameCallback?.(this.frameRequest);
    this.hls?.destroy();
    this.hls = null;
    video.removeAttribute("src");
    video.load();
  }

  /* First frame */

  watchFirstFrame() {
    const hasFrames = this.request.quality !== "audio" && video.requestVideoFrameCallback;
    if (hasFrames) this.frameRequest = video.requestVideoFrameCallback(now => this.onFirstFrame(now));
    else video.addEventListener("playing", () => this.onFirstFrame(performance.now()), { once: true });
  }

  onFirstFrame(now) {
    if (!this.isCurrent) return;
    const isSound = this.request.quality === "audio";
    setState("playing", isSound ? nameOf(this.request.source) : "");
    if (!document.body.dataset.ttff) showFirstFrame(now - this.pressed);
  }

  /* Session */

  beatAfter(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), delay);
  }

  async beat() {
    const { session } = this.answer;
    const isMine = () => this.isCurrent && this.answer?.session === session;
    try {
      const answer = await call("PUT", this.sessionUrl + this.tokenQuery, { position: video.currentTime });
      if (isMine()) this.onBeat(answer);
    } catch (problem) {
      if (!isMine()) return;
      if (problem.status === 410 || problem.status === 404) this.restart();
      else this.beatAfter(heartbeatAfterFailure);
    }
  }

  onBeat({ state, progress, error }) {
    if (state === "failed") return this.fail(error ?? "The film could not be encoded.");
    this.complete = state === "hit";
    showProgress(state, progress);
    if (document.body.dataset.state === "starting") setState("starting", waitingFor[state]);
    this.beatAfter(this.complete ? heartbeatWhenComplete : heartbeatWhileEncoding);
  }

  endSession() {
    fetch(this.sessionUrl + this.tokenQuery, { method: "DELETE", keepalive: true }).catch(() => {});
  }

  endSessionByBeacon() {
    navigator.sendBeacon(`${this.sessionUrl}/end${this.tokenQuery}`);
  }

  /* Errors */

  onHlsError(error) {
    const status = error.response?.code;
    const type = error.frag?.type;
    if (status === 422) this.fail(problemTitle(error.networkDetails));
    else if (type === "subtitle") return;
    else if (status === 404 && error.frag && isOurs(error)) this.endEarly(error.frag);
    else if ([403, 404, 410].includes(status)) this.restart();
    else if (error.fatal) this.onFatal(error);
  }

  onFatal(error) {
    const isMediaError = error.type === Hls.ErrorTypes.MEDIA_ERROR;
    if (error.details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR)
      this.fail("This browser can't play the film in this quality. Choose 1080p or lower.");
    else if (isMediaError && this.recoveries++ < 2) this.hls.recoverMediaError();
    else if (isMediaError) this.fail("This browser could not decode the film. Another quality may work.");
    else this.fail("The film did not arrive from the server. Press Play to try again.");
  }

  // A native player takes the 503 of a segment that is not encoded yet for the end: ask again.
  async onNativeError() {
    if (this.complete) return this.fail("The film stopped. Press Play to start it again.");
    await wait(2 * seconds);
    if (this.isCurrent) this.attachNative();
  }

  // The playlist was planned from the duration that the file claims. What is buffered plays to its end;
  // who jumped past the end goes back.
  endEarly(frag) {
    say("This film ends earlier than its file says.");
    // A session that is over answers 404 too: the heartbeat tells.
    if (!this.shortened) this.beatAfter(0);
    this.shortened = true;
    if (isBuffered(video.currentTime)) this.hls.trigger(Hls.Events.BUFFER_EOS, { type: this.trackOf(frag) });
    else video.currentTime = this.position;
  }

  trackOf(frag) {
    return frag.type === "audio" || this.request.quality === "audio" ? "audio" : "video";
  }

  resumeLoading() {
    if (this.shortened) this.hls?.startLoad(video.currentTime);
  }

  async restart() {
    const now = performance.now();
    this.restarts = now - this.restarted < 30 * seconds ? this.restarts + 1 : 1;
    this.restarted = now;
    if (this.restarts > 3) return this.fail("The film could not be continued. Press Play to start it again.");
    this.paused = video.paused && this.position > 0;
    this.position = video.currentTime || this.position;
    this.detach();
    this.endSession();
    this.answer = null;
    setState("starting", "Picking up where you were…");
    await this.run();
  }

  async run() {
    try {
      await this.start();
    } catch (problem) {
      if (this.isCurrent) await this.onRefused(problem);
    }
  }

  async onRefused(problem) {
    const { status, message, retryAfter } = problem;
    const isBusy = [0, 429, 503].includes(status);
    if (isBusy && this.position > 0 && this.waits++ < 10) return this.runAgain(message, retryAfter || 5);
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
    setState("failed", "Nothing is playing");
    page.encode.hidden = true;
    page.facts.hidden = !this.answer;
    say(text, true);
  }

  leave() {
    current = null;
    this.detach();
    if (this.answer) this.endSession();
  }
}

/* hls.js */

// 503 is how the server says "not yet" after holding a request for 8 s; 0 is a server that restarts.
function patience(maxTimeToFirstByteMs) {
  const retry = { maxNumRetry: 300, retryDelayMs: 500, maxRetryDelayMs: 2 * seconds };
  const shouldRetry = ({ maxNumRetry }, count, _timeout, response, retry) =>
    retry || (response?.code === 0 && count < maxNumRetry);
  return {
    default: {
      maxTimeToFirstByteMs,
      maxLoadTimeMs: 60 * seconds,
      timeoutRetry: retry,
      errorRetry: { ...retry, shouldRetry },
    },
  };
}

function hlsConfig(startPosition) {
  const policy = patience(20 * seconds);
  return {
    startPosition,
    backBufferLength: 90,
    manifestLoadPolicy: policy,
    playlistLoadPolicy: policy,
    fragLoadPolicy: policy,
  };
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

/* Video */

function isBuffered(time) {
  const { buffered } = video;
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= time + 0.5 && time <= buffered.end(i) + 0.5) return true;
  return false;
}

async function playVideo() {
  try {
    await video.play();
  } catch (error) {
    if (error.name !== "NotAllowedError") return;
    video.muted = true;
    await video.play().catch(() => {});
    say("The browser keeps the sound off until you turn it on in the player.");
  }
}

video.addEventListener("timeupdate", () => {
  if (current && !video.seeking && video.currentTime > 0) current.position = video.currentTime;
});
video.addEventListener("seeking", () => current?.resumeLoading());
video.addEventListener("error", () => {
  if (current?.answer && !current.hls) current.onNativeError();
});

/* Form */

function requestOfForm() {
  return {
    source: page.source.value.trim(),
    quality: page.quality.value,
    audio: page.audio.value,
    ownSession: true,
  };
}

function play(request) {
  current?.leave();
  say("");
  showRequest(request);
  setState("starting", "Looking in the cache…");
  current = new Play(request);
  return current.run();
}

function submit(event) {
  event?.preventDefault();
  const request = requestOfForm();
  if (!request.source) return missSource();
  hideSources();
  saveKey();
  const { source, quality, audio } = request;
  history.replaceState(null, "", `?${new URLSearchParams({ source, quality, audio })}`);
  // A phone puts its keyboard away; a keyboard steers the film.
  video.focus({ preventScroll: true });
  play(request);
}

function missSource() {
  say("Choose a film first.", true);
  page.source.focus();
  showSources();
}

function askForKey() {
  const refused = sessionStorage.getItem("key");
  say(refused ? "The key was not accepted." : "This server asks for an access key.", true);
  page.keyField.hidden = false;
  page.key.focus();
}

function saveKey() {
  const key = page.key.value.trim();
  if (page.keyField.hidden || key === (sessionStorage.getItem("key") ?? "")) return;
  sessionStorage.setItem("key", key);
  browse("");
}

function keepAudioPossible() {
  const audioOnly = page.quality.value === "audio";
  page.audio.querySelector("[value=none]").disabled = audioOnly;
  if (audioOnly && page.audio.value === "none") page.audio.value = "-1";
}

function prefill() {
  const parameters = new URLSearchParams(location.search);
  for (const name of ["source", "quality", "audio"])
    if (parameters.has(name)) setField(page[name], parameters.get(name));
  return parameters.get("autoplay") === "1";
}

// A select without such an option keeps its own.
function setField(field, value) {
  const former = field.value;
  field.value = value;
  field.value ||= former;
}

page.form.addEventListener("submit", submit);
page.quality.addEventListener("change", keepAudioPossible);
page.key.addEventListener("change", saveKey);
addEventListener("pagehide", () => current?.answer && current.endSessionByBeacon());
addEventListener("pageshow", event => event.persisted && current?.answer && current.beat());

const autoplay = prefill();
keepAudioPossible();
browse("");
if (autoplay && page.source.value) submit();
