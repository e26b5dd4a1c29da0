// Passkeys. A form with data-passkey="get" or "create" and data-ask="address" shows its button where the browser
// can do it; pressing it asks the address what to sign, and sends the device's answer in the field "answer".
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function asked(options) {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      if (key[list]) key[list] = key[list].map((one) => ({ ...one, id: bytes(one.id) }));
    }
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    return key;
  }

  function answer(credential) {
    const said = { clientDataJSON: text(credential.response.clientDataJSON) };
    if (credential.response.attestationObject) {
      said.attestationObject = text(credential.response.attestationObject);
    } else {
      said.authenticatorData = text(credential.response.authenticatorData);
      said.signature = text(credential.response.signature);
      if (credential.response.userHandle) said.userHandle = text(credential.response.userHandle);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said });
  }

  async function run(form) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const reply = await fetch(form.dataset.ask, { method: "POST", headers: { "X-CSRFToken": token } });
    if (!reply.ok) throw new Error(String(reply.status));
    const publicKey = asked(await reply.json());
    const made = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
    form.querySelector("[name=answer]").value = answer(made);
    form.submit();
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const failed = form.querySelector("[data-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        await run(form);
      } catch (error) {
        failed.hidden = false; // also where the person closed the browser's window
      }
    });
  }
})();
