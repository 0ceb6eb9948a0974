export const seconds = 1000;

export const wait = delay => new Promise(resolve => setTimeout(resolve, delay));

export function debounce(action, delay) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(action, delay); };
}
