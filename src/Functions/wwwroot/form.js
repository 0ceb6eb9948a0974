import { storedKey, storeKey } from "./api.js";
import { page, say, video } from "./page.js";
import { browse, hideSources, showSources } from "./sources.js";

export function openForm(play) {
  page.form.addEventListener("submit", event => { event.preventDefault(); submit(play); });
  page.quality.addEventListener("change", keepAudioPossible);
  page.key.addEventListener("change", saveKey);
  const parameters = new URLSearchParams(location.search);
  prefill(parameters);
  keepAudioPossible();
  browse("");
  if (parameters.get("autoplay") === "1" && page.source.value) submit(play);
}

function submit(play) {
  const fields = { source: page.source.value.trim(), quality: page.quality.value, audio: page.audio.value };
  if (!fields.source) return missSource();
  hideSources();
  saveKey();
  history.replaceState(null, "", `?${new URLSearchParams(fields)}`);
  // A phone puts its keyboard away; a keyboard steers the film.
  video.focus({ preventScroll: true });
  play({ ...fields, ownSession: true });
}

function missSource() {
  say("Choose a film first.", true);
  page.source.focus();
  showSources();
}

function prefill(parameters) {
  for (const name of ["source", "quality", "audio"])
    if (parameters.has(name)) setField(page[name], parameters.get(name));
}

// A select without such an option keeps its own.
function setField(field, value) {
  const former = field.value;
  field.value = value;
  field.value ||= former;
}

function keepAudioPossible() {
  const audioOnly = page.quality.value === "audio";
  page.audio.querySelector("[value=none]").disabled = audioOnly;
  if (audioOnly && page.audio.value === "none") page.audio.value = "-1";
}

export function askForKey() {
  say(storedKey() ? "The key was not accepted." : "This server asks for an access key.", true);
  page.keyField.hidden = false;
  page.key.focus();
}

function saveKey() {
  const key = page.key.value.trim();
  if (page.keyField.hidden || key === storedKey()) return;
  storeKey(key);
  browse("");
}
