// Solves the puzzle in place of the person: ALTCHA, version 2, PBKDF2. Without this file, or where it fails, people see
// the picture and hear the sound. The browser derives keys outside of the page's own thread, a few at a time.
const page = document.documentElement;
const AT_ONCE = 8;
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive({ algorithm, nonce, salt, cost, keyLength }, counter) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  new DataView(password.buffer).setUint32(password.length - 4, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: algorithm.split("/")[1], salt: bytes(salt), iterations: cost };
  return hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
}

async function solve(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  const challenge = await answer.json();
  const { parameters } = challenge;
  const start = performance.now();
  for (let counter = 0; performance.now() - start < 60_000; counter += AT_ONCE) {
    const keys = await Promise.all(Array.from({ length: AT_ONCE }, (_, step) => derive(parameters, counter + step)));
    const step = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    if (step < 0) continue;
    const time = Math.round(performance.now() - start);
    const solution = { counter: counter + step, derivedKey: keys[step], time };
    return btoa(JSON.stringify({ challenge, solution }));
  }
  throw new Error("no solution");
}

function say(place, what) {
  const line = place.querySelector(".puzzle");
  line.dataset.said = what;
  line.textContent = line.dataset[what];
}

// The place whose puzzle has to be solved before this button may do its work.
function waiting(button) {
  const place = button.form?.querySelector("[data-puzzle]");
  if (!place || button.type !== "submit" || button.ariaDisabled || !("puzzles" in page.dataset) || place.closest(".wrong")) return null;
  const act = button.name === "act" ? button.value : "submit";
  return place.dataset.acts.split(" ").includes(act) && !proofOf(place).value ? place : null;
}

function proofOf(place) {
  return place.querySelector("[type=hidden]");
}

async function press(button, place) {
  button.ariaDisabled = "true"; // the other script ignores it meanwhile, and so do we
  say(place, "working");
  try {
    proofOf(place).value = await solve(place.dataset.puzzle);
    say(place, "done");
  } catch {
    delete page.dataset.puzzles;
    say(place, "failed");
    place.querySelector(".joined input").focus();
  }
  button.ariaDisabled = null;
  if (proofOf(place).value) button.click();
}

if (globalThis.crypto?.subtle) page.dataset.puzzles = "";
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("button");
    const place = button && waiting(button);
    if (!place) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    press(button, place);
  },
  true,
);
// A page that comes back from the browser's memory has spent what it found.
addEventListener("pageshow", () => document.querySelectorAll("[data-puzzle]").forEach((place) => (proofOf(place).value = "")));
