export const page = Object.fromEntries([...document.querySelectorAll("[id]")].map(element => [element.id, element]));
export const video = page.video;

export function say(text, bad = false) {
  page.message.textContent = text;
  page.message.classList.toggle("bad", bad);
}
