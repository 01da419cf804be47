"use strict";
// Asks an authenticator for what a form of the server wants (WebAuthn), puts the answer into the form and sends it.
(function () {
  const OLD = 4 * 60 * 1000; // a challenge is good for five minutes

  function text(buffer) {
    const bytes = new Uint8Array(buffer || new ArrayBuffer(0));
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function bytes(base64url) {
    const binary = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  }

  function credentials(form) {
    return form.dataset.credentials.split(" ").filter((id) => id)
      .map((id) => ({ type: "public-key", id: bytes(id) }));
  }

  function says(form, words) {
    form.querySelector("[data-says]").textContent = words;
  }

  // Of a page that stood open for long: its address again gives another challenge.
  async function renew(form) {
    if (performance.now() - form.passkeySince < OLD) {
      return true;
    }
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const same = page.querySelector('form[data-passkey="' + form.dataset.passkey + '"]');
    if (!same) {
      return false;
    }
    for (const name of ["challenge", "csrf"]) {
      form.elements[name].value = same.elements[name].value;
    }
    form.passkeySince = performance.now();
    return true;
  }

  async function make(form) {
    const made = await navigator.credentials.create({ publicKey: {
      challenge: bytes(form.elements.challenge.value),
      rp: { id: form.dataset.relyingParty, name: "Keyturn" },
      user: {
        id: bytes(form.dataset.handle),
        name: form.dataset.person,
        displayName: form.dataset.displayName,
      },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: credentials(form),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
      timeout: 240000,
    } });
    form.elements.client.value = text(made.response.clientDataJSON);
    form.elements.attestation.value = text(made.response.attestationObject);
    form.elements.transports.value = made.response.getTransports ? made.response.getTransports().join(",") : "";
  }

  async function sign(form) {
    const signed = await navigator.credentials.get({ publicKey: {
      challenge: bytes(form.elements.challenge.value),
      rpId: form.dataset.relyingParty,
      allowCredentials: credentials(form),
      userVerification: "required",
      timeout: 240000,
    } });
    form.elements.credential.value = text(signed.rawId);
    form.elements.client.value = text(signed.response.clientDataJSON);
    form.elements.authenticator.value = text(signed.response.authenticatorData);
    form.elements.signature.value = text(signed.response.signature);
    form.elements.handle.value = text(signed.response.userHandle);
  }

  function why(error) {
    switch (error.name) {
      case "NotAllowedError": return "Nothing was signed: it was canceled, it took too long, or there is no passkey for this server here.";
      case "InvalidStateError": return "This device or password manager has a passkey of yours for this server already.";
      case "SecurityError": return "The browser takes no passkeys here: it must trust this server's certificate, and the address must be the server's name.";
      case "NotSupportedError": case "ConstraintError": return "This device cannot keep such a passkey: it must be able to verify that it is you.";
      default: return "The browser could not do it: " + error.message;
    }
  }

  async function answer(form) {
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    says(form, "Waiting for your device.");
    try {
      if (!(await renew(form))) {
        says(form, "This page stood open for too long. Start over.");
        return;
      }
      await (form.dataset.passkey === "make" ? make(form) : sign(form));
      says(form, "");
      form.passkeyAnswered = true;
      button.disabled = false;
      form.requestSubmit(button);
    } catch (error) {
      says(form, why(error));
    } finally {
      button.disabled = false;
    }
  }

  function ready() {
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      if (!window.PublicKeyCredential || !navigator.credentials) {
        says(form, "This browser knows no passkeys, or not at this address.");
        continue;
      }
      says(form, "");
      form.passkeySince = performance.now();
      form.querySelector("button[type=submit]").hidden = false;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.passkey && !form.passkeyAnswered) {
      event.preventDefault();
      answer(form);
    }
    form.passkeyAnswered = false;
  });
  document.addEventListener("DOMContentLoaded", ready);
})();
