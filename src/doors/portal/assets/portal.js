// Small comforts of the portal. Every page works without it.
(() => {
  const root = document.documentElement;
  const live = document.querySelector(".live");
  const say = (text, seen) => {
    if (!live) return;
    live.textContent = text;
    live.classList.toggle("seen", Boolean(seen));
  };
  document.getElementById("errors")?.focus();
  if (navigator.clipboard) {
    root.classList.add("js");
    for (const button of document.querySelectorAll("button[data-copy]"))
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(button.dataset.copy);
        } catch {
          return;
        }
        button.classList.add("ok");
        button.setAttribute("aria-label", button.dataset.copied);
        say(button.dataset.copied);
      });
  }
  const seconds = Number(document.body.dataset.seconds);
  if (seconds > 120) setTimeout(() => say(document.body.dataset.ends, true), (seconds - 120) * 1000);
})();
