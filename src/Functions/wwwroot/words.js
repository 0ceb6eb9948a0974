export function nameOf(source) {
  const stem = source.split("/").pop().replace(/\.[^.]+$/, "");
  const name = stem.includes(" ") ? stem : stem.replace(/[._-]+/g, " ").trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function sizeOf(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return new Intl.NumberFormat("en", { style: "unit", unit: units[power], maximumSignificantDigits: 3 })
    .format(bytes / 1000 ** power);
}

export const sentence = text => /[.!?…]$/.test(text) ? text : `${text}.`;
