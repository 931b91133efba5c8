// Small comforts. Every page works without this file.

const root = document.documentElement;
const YEAR = 365 * 24 * 3600;

// Light and dark, at once and without a reload. The cookie lets the server draw the next page right from the start.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-switch]");
  if (!form) return;
  event.preventDefault();
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const next = dark ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${next}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  root.dataset.theme = next;
});

// One open menu at a time; Escape or a click elsewhere closes it and gives the focus back.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// Messages can be put away.
function addDismiss(toast) {
  if (toast.querySelector(".dismiss")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "dismiss";
  button.setAttribute("aria-label", root.lang === "de" ? "Schließen" : "Close");
  button.textContent = "✕";
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
}

// What an offer costs, while its fee is being typed. The server has the last word.
document.addEventListener("input", (event) => {
  const shown = document.querySelector(`[data-you-pay][for="${event.target.id}"]`);
  const typed = Number(event.target.value.replace(",", "."));
  if (!shown || !(typed >= 0)) return;
  const { bps, least, exponent, currency } = shown.dataset;
  const minor = Math.round(typed * 10 ** exponent);
  const fee = minor ? Math.max(Math.round((minor * bps) / 10000), least) : 0;
  const sum = new Intl.NumberFormat(root.lang, { style: "currency", currency }).format((minor + fee) / 10 ** exponent);
  shown.querySelector("strong").textContent = sum;
});

// A slider for an amount: it writes into the field while it moves, and asks when it is let go.
for (const slider of document.querySelectorAll("[data-slides]")) {
  slider.hidden = false;
  slider.addEventListener("input", () => (document.getElementById(slider.dataset.slides).value = slider.value));
  slider.addEventListener("change", () => slider.form.requestSubmit());
}

// A form that came back with errors starts at its summary; a form that is on its way is not sent twice.
function greet(scope) {
  scope.querySelectorAll("[data-toast]").forEach(addDismiss);
  scope.querySelector("[data-form-errors]")?.focus();
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
document.addEventListener("htmx:after:swap", (event) => greet(event.target instanceof Element ? event.target : document));
greet(document);
