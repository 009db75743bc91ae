// Progressive enhancement: every page works without this file.

const all = (selector) => [...document.querySelectorAll(selector)];

// An error summary is read out and reached first.
document.querySelector(".summary")?.focus();

// A form is sent once; a second press changes nothing.
for (const form of all("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
}
addEventListener("pageshow", () => {
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// A switch of the language is no step that Back undoes: the page is replaced. Back to the answer to a form, before it,
// would ask to send that form again.
for (const form of all("form.languages")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, value } = event.submitter;
    const body = new FormData(form);
    body.append(name, value);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") return location.replace(body.get("next"));
    form.insertAdjacentHTML("beforeend", '<input type="hidden" name="language">');
    form.lastElementChild.value = value;
    form.submit();
  });
}

// The time zone is guessed, shown, and can be changed.
for (const select of all('select[data-guess="time-zone"]')) {
  const named = (timeZone) => {
    try {
      return Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
    } catch {
      return ""; // a zone that this browser does not know yet
    }
  };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const values = [...select.options].map((option) => option.value).filter(Boolean);
  // Browsers have older names for some: Asia/Calcutta is Asia/Kolkata.
  const found = values.find((value) => value === zone) ?? values.find((value) => named(value) === named(zone));
  if (!select.value && found) select.value = found;
}

// A password can be looked at while it is typed.
for (const template of all("template[data-reveal]")) {
  const input = document.getElementById(template.dataset.reveal);
  const button = template.content.firstElementChild.cloneNode(true);
  const row = document.createElement("div");
  row.className = "reveal";
  input.replaceWith(row);
  row.append(input, button);
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? button.dataset.show : button.dataset.hide;
    button.setAttribute("aria-pressed", String(!shown));
  });
}

// A rough word on a new password; the server decides.
for (const hint of all("[data-strength-for]")) {
  const input = document.getElementById(hint.dataset.strengthFor);
  input?.addEventListener("input", () => {
    const kinds = new Set(input.value).size;
    const words = input.value.length < 12 || kinds < 6 ? "weak" : input.value.length < 18 ? "fair" : "strong";
    hint.textContent = input.value ? hint.dataset[words] : "";
  });
}

// References are copied, and that is said.
for (const button of all("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.done;
  });
}

for (const button of all("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// What is folded is printed, too.
addEventListener("beforeprint", () => {
  for (const folded of all("details")) folded.open = true;
});
