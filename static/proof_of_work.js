// Finds the number whose hash the server gave, while the person types, and sends it with the form.
// Without this file the page that refuses the form says how to go on.

const encoder = new TextEncoder();
const BATCH = 500;

async function hashOf(salt, number) {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(salt + number));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function solve({ algorithm, challenge, maxnumber, salt, signature }) {
  for (let from = 0; from <= maxnumber; from += BATCH) {
    const numbers = Array.from({ length: BATCH }, (_, index) => from + index);
    const hashes = await Promise.all(numbers.map((number) => hashOf(salt, number)));
    const found = hashes.indexOf(challenge);
    if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: from + found, salt, signature }));
  }
  return "";
}

const source = document.getElementById("proof-of-work");
const form = document.querySelector("form[data-proof]");
if (source && form && globalThis.crypto?.subtle) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "proof_of_work";
  form.append(field);
  const solved = solve(JSON.parse(source.textContent)).then((proof) => (field.value = proof));
  form.addEventListener(
    "submit",
    async (event) => {
      if (field.value) return;
      // Before the handler that lets a form be sent once.
      event.preventDefault();
      event.stopImmediatePropagation();
      await solved;
      if (field.value) form.requestSubmit(event.submitter);
      else form.submit();
    },
    { capture: true },
  );
}
