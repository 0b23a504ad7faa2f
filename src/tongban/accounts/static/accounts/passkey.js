// Asks the browser for a passkey, puts its answer into the form, and sends the form. Without this file, or in a browser
// that knows no passkeys, the page says what to do instead.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const withBytes = (known) => ({ ...known, id: toBytes(known.id) });

function read(options) {
  const wanted = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) wanted.user = withBytes(options.user);
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (options[list]) wanted[list] = options[list].map(withBytes);
  return wanted;
}

function write(made) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (made.response[part]) response[part] = toText(made.response[part]);
  if (made.response.getTransports) response.transports = made.response.getTransports();
  return JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, response });
}

function wake(place) {
  const form = place.querySelector("form");
  const say = (part) =>
    place.querySelectorAll("[data-part]").forEach((one) => (one.hidden = one.dataset.part !== part));
  const publicKey = () => read(JSON.parse(place.dataset.options));
  form.hidden = false;
  say("");
  form.addEventListener("submit", async (event) => {
    if (form.elements.passkey.value) return;
    event.preventDefault();
    say("");
    try {
      const ask = navigator.credentials;
      const kind = place.dataset.passkey;
      form.elements.passkey.value = write(await ask[kind]({ publicKey: publicKey() }));
      form.submit();
    } catch (error) {
      say(error.name === "InvalidStateError" ? "known" : "failed");
    }
  });
}

if (window.PublicKeyCredential && navigator.credentials) document.querySelectorAll("[data-passkey]").forEach(wake);
