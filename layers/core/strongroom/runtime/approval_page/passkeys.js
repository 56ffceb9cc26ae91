// The two things that a passkey does here: it signs a statement, and it is made.

const PATIENCE = 120_000;

// Why no passkey can be used on this page; empty where one can.
function whyNoPasskey(rpId) {
  if (window.top !== window.self) return "This page lies inside of another one. Open it by itself.";
  if (!window.isSecureContext || !window.PublicKeyCredential) return "This browser uses no passkeys here.";
  if (location.hostname !== rpId) return `This page lies at ${location.hostname}, and the passkeys are made for ${rpId}.`;
  return "";
}

// The assertion over the challenge, which is the SHA-256 of a statement, as a proof holds it.
async function signed(challenge, { rpId, ids }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge,
      rpId,
      allowCredentials: ids.map((id) => ({ type: "public-key", id: fromBase64url(id) })),
      userVerification: "required",
      timeout: PATIENCE,
    },
  });
  const { authenticatorData, clientDataJSON, signature } = credential.response;
  return {
    credential: base64url(credential.rawId),
    authenticator_data: base64url(authenticatorData),
    client_data: base64url(clientDataJSON),
    signature: base64url(signature),
  };
}

// A new passkey; the holder's id is a hash of the subject, so that a device keeps one for each person and site.
async function made({ rpId, subject, name }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rp: { id: rpId, name: "Strongroom" },
      user: { id: await sha256(subject), name: name || subject, displayName: name || subject },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      attestation: "none",
      timeout: PATIENCE,
    },
  });
  return { id: base64url(credential.rawId), response: credential.response };
}

function whyNotSigned(error) {
  if (error.name === "NotAllowedError") return "Your device did not sign: it was cancelled, took too long, or has none of the passkeys that count here.";
  if (error.name === "SecurityError") return "The browser refuses passkeys on this address.";
  if (error.name === "InvalidStateError") return "This device has such a passkey already.";
  return "";
}
