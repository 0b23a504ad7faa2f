// Opens the search in a dialog. Without this file the same forms are plain pages.
const dialog = document.getElementById("search");

async function load(address, options) {
  const place = dialog.querySelector("[data-place]");
  const answer = await fetch(address, options);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-search]");
  if (!fresh) return void (location.href = answer.url);
  place.replaceChildren(fresh);
  if (!dialog.open) dialog.showModal();
  const sent = fresh.querySelector(".sent")?.textContent.trim();
  (fresh.querySelector(".error-summary") ?? fresh.querySelector(sent ? "#code" : ".field input")).focus();
}

function newPicture(button) {
  const human = button.closest(".human");
  for (const part of human.querySelectorAll("img, audio")) {
    const address = new URL(part.src);
    address.searchParams.set("turn", Date.now());
    part.src = address;
  }
  const input = human.querySelector("input");
  input.value = "";
  input.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const tab = event.target.closest("dialog .tabs a");
  const button = event.target.closest("[data-new-picture]");
  if (event.target.closest("[data-closes]")) dialog.close();
  if (opener && dialog) {
    event.preventDefault();
    load(opener.href).catch(() => (location.href = opener.href));
  }
  if (tab) {
    event.preventDefault();
    load(tab.href).catch(() => (location.href = tab.href));
  }
  if (button) {
    event.preventDefault();
    newPicture(button);
  }
});

dialog?.addEventListener("submit", (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  load(form.action, { method: "POST", body }).catch(() => form.submit());
});

document.querySelector(".error-summary")?.focus();
