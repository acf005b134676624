// Keys, focus and progress. Every page works without this file: forms post, links lead on.
"use strict";

const writing = (element) => element.matches("input:not([type=hidden]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && event.target.matches("textarea")) {
    event.target.form.querySelector("button").click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = event.target;
  if (writing(at)) {
    if (event.key === "Escape") at.blur();
    return;
  }
  if (event.key === "Enter" && at.closest("a, button, summary")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "/" && !document.querySelector('[data-focus="/"]')) {
    event.preventDefault();
    location.href = "/search";
    return;
  }
  const wanted = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  const reason = document.querySelector(`[data-focus="${CSS.escape(key)}"]`);
  if (reason && !reason.value.trim()) {
    reason.focus();
    reason.scrollIntoView({ block: "nearest" });
  } else {
    wanted.click();
  }
});

// A form is sent once: a second press of a key must not decide the next finding.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Enter in the reason field dismisses (the form's only button); the place asked for comes into view.
const asked = document.querySelector("mark.asked");
if (asked) asked.scrollIntoView({ block: "center" });

const drop = document.querySelector("[data-drop]");
if (drop) {
  const files = drop.querySelector("input[name=files]");
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) files.files = event.dataTransfer.files;
    });
  }
}

// The page of an upload is fetched again until it says that all has ended; what is read aloud stays in place.
const follow = async () => {
  const shown = document.querySelector("[data-poll]");
  if (!shown) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#progress");
    if (!next) return;
    shown.replaceWith(next);
    setTimeout(follow, 1000);
  } catch {
    // the server is gone; the page as it stands is still right
  }
};
setTimeout(follow, 500);
