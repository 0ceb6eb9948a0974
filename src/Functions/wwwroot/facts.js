import { page, say } from "./page.js";
import { seconds } from "./time.js";
import { nameOf } from "./words.js";

const missReasons = {
  "cold": "first play",
  "evicted": "evicted since the last play",
  "source-changed": "the file has changed",
  "settings-changed": "the encoding settings have changed",
  "failed-integrity": "the stored copy was damaged",
  "expired-failure": "another try after a failure",
};

const encodeStates = {
  queued: "Waiting for an encoder…",
  encoding: "Encoding",
  hit: "Complete",
};

const waitingFor = {
  queued: "Waiting for an encoder…",
  encoding: "Encoding the first seconds…",
  hit: "Loading…",
};

function setState(state, words) {
  document.body.dataset.state = state;
  if (words) page.veil.textContent = words;
}

export function showRequest({ source, quality }) {
  const isAudio = quality === "audio";
  delete document.body.dataset.result;
  delete document.body.dataset.ttff;
  page.title.textContent = nameOf(source);
  page.badge.textContent = page.reason.textContent = "";
  page.facts.hidden = false;
  page.firstFrame.hidden = page.encode.hidden = true;
  page.stage.classList.toggle("audio", isAudio);
  page.firstWhat.textContent = isAudio ? "First sound" : "First frame";
  document.title = `${nameOf(source)} · HlsCache`;
  showStarting("Looking in the cache…");
}

export function showStarting(words) {
  setState("starting", words);
}

export function showResult({ state, reason }) {
  const result = state === "hit" ? "hit" : "miss";
  document.body.dataset.result = result;
  page.badge.textContent = result.toUpperCase();
  page.reason.textContent = result === "hit" ? "from the cache" : missReasons[reason] ?? reason ?? "";
}

export function showProgress({ state, progress: { ready = 0, total = 0, percent = 0, speed } = {} }) {
  const complete = state === "hit";
  // A screen reader would repeat a text that is only set again.
  if (page.stateText.textContent !== encodeStates[state]) page.stateText.textContent = encodeStates[state];
  page.progressText.textContent = [
    total > 0 && (complete ? `${total} segments` : `${ready} of ${total} segments`),
    total > 0 && !complete && `${Math.floor(percent)} %`,
    speed > 0 && !complete && `${speed.toFixed(1)}×`,
  ].filter(Boolean).join(" · ");
  if (complete || total > 0) page.bar.value = complete ? 100 : percent;
  else page.bar.removeAttribute("value");
  page.bar.classList.toggle("complete", complete);
  page.encode.hidden = false;
  if (document.body.dataset.state === "starting") showStarting(waitingFor[state]);
}

export function showPlaying({ source, quality }, milliseconds) {
  setState("playing", quality === "audio" ? nameOf(source) : "");
  // After a restart, the first of all remains.
  if (document.body.dataset.ttff) return;
  document.body.dataset.ttff = Math.round(milliseconds);
  page.ttff.textContent = `${(milliseconds / seconds).toFixed(2)} s`;
  page.firstFrame.hidden = false;
}

export function showFailure(text, hasResult) {
  setState("failed", "Nothing is playing");
  page.encode.hidden = true;
  page.facts.hidden = !hasResult;
  say(text, true);
}
