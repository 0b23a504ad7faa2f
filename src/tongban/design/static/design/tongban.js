// What makes pages more comfortable. Without this file every page works by plain links and forms.
const page = document.documentElement;
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function wake(root = document) {
  all("[data-shows]", root).forEach((button) => (button.hidden = false));
  all("[data-resend]", root).forEach(countDown);
}

function focusProblems() {
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
  return summary;
}

function show(button) {
  const input = document.getElementById(button.dataset.shows);
  input.type = input.type === "password" ? "text" : "password";
  [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
}

function newPicture(button) {
  const field = button.closest(".human");
  all("img, audio", field).forEach((part) => {
    const address = new URL(part.src);
    address.searchParams.set("turn", Date.now());
    part.src = address;
  });
  const input = field.querySelector("input");
  input.value = "";
  input.focus();
}

// aria-disabled rather than disabled: the focus stays where it is.
function countDown(button) {
  const label = button.textContent;
  const end = Date.now() + button.dataset.resend * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (!button.isConnected) return;
    button.textContent = left > 0 ? button.dataset.wait.replace("%s", left) : label;
    if (left > 0) {
      button.setAttribute("aria-disabled", "true");
      setTimeout(tick, 1000);
    } else button.removeAttribute("aria-disabled");
  };
  tick();
}

async function send(button) {
  const { form } = button;
  const data = new FormData(form);
  data.append(button.name, button.value);
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.redirected) return void (location.href = answer.url);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.getElementById(form.querySelector("[data-live]").id)) throw new Error("another page");
    all("[data-live]").forEach((old) => {
      const next = fresh.getElementById(old.id);
      if (next) old.replaceWith(next);
      if (next) wake(next);
    });
    document.title = fresh.title;
    startSession();
    if (!focusProblems()) form.elements[button.dataset.send].focus();
  } catch {
    button.removeAttribute("aria-disabled");
    button.dataset.plain = "";
    button.click();
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  const { dataset } = button;
  if ("shows" in dataset) show(button);
  if ("newPicture" in dataset) event.preventDefault(), newPicture(button);
  if ("send" in dataset && !("plain" in dataset)) {
    event.preventDefault();
    if (!button.hasAttribute("aria-disabled")) send(button);
  }
});

// The end of an idle session is announced two minutes before, and what is typed survives it.
const warning = document.getElementById("session-end");
let timers = [];

function startSession() {
  timers.forEach(clearTimeout);
  const seconds = Number(page.dataset.sessionSeconds);
  if (!warning || !seconds) return;
  say("");
  timers = [
    setTimeout(say, Math.max(seconds - 120, seconds / 2) * 1000, "soon"),
    setTimeout(say, seconds * 1000, "over"),
  ];
}

function say(what) {
  warning.hidden = !what;
  all("[data-part]", warning).forEach((part) => (part.hidden = part.dataset.part !== what));
}

async function stay() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer) return;
  if (answer.redirected) return say("over");
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = fresh.querySelector("[name=csrfmiddlewaretoken]");
  if (token) all("[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token.value));
  startSession();
}

warning?.querySelector("button").addEventListener("click", stay);
wake();
focusProblems();
startSession();
