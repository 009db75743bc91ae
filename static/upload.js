// The progress of an upload. Without this file the form is sent as any other.

const enhance = (form) => form.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !form.querySelector("input[type=file]").files.length) return;
  event.preventDefault();
  const progress = form.querySelector("progress");
  const request = new XMLHttpRequest();
  request.upload.onprogress = (sent) => {
    progress.hidden = false;
    if (sent.lengthComputable) progress.value = (100 * sent.loaded) / sent.total;
  };
  // The answer is a whole page: with the new state, or with the error.
  request.onload = () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (!main || new URL(request.responseURL).pathname !== location.pathname) return location.reload();
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    main.querySelectorAll("form[data-upload]").forEach(enhance);
    (main.querySelector(".summary") ?? main).focus();
  };
  // The browser sends it itself, and says what is wrong.
  request.onerror = () => form.submit();
  request.open("POST", form.action);
  request.send(new FormData(form));
});

document.querySelectorAll("form[data-upload]").forEach(enhance);
