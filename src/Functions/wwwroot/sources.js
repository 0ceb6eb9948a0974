import { callWithKey } from "./api.js";
import { page } from "./page.js";
import { debounce } from "./time.js";
import { nameOf, sizeOf } from "./words.js";

const library = { prefix: null, sources: [], next: null, note: "" };
let active = -1;
let searching = false;

export async function browse(prefix) {
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

export function showSources() {
  const options = library.sources.filter(matches).map(sourceOption);
  if (options.length === 0) options.push(emptyOption());
  if (library.next) options.push(moreOption());
  options.forEach((option, i) => { option.id = `source-${i}`; });
  page.sources.replaceChildren(...options);
  page.sources.hidden = false;
  page.source.setAttribute("aria-expanded", "true");
  activate(Math.min(active, options.length - 1));
}

export function hideSources() {
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

page.source.addEventListener("input", debounce(search, 150));
page.source.addEventListener("click", () => isListOpen() || showSources());
page.source.addEventListener("keydown", steer);
page.source.addEventListener("blur", hideSources);
page.sources.addEventListener("pointerdown", event => event.preventDefault());
page.sources.addEventListener("click", event => event.target.closest("li")?.pick?.());
