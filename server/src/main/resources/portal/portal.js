"use strict";
// Every page works without this file. It makes times the reader's own, closes menus, and copies ids.
(function () {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

  function ago(date) {
    const seconds = Math.round((date.getTime() - Date.now()) / 1000);
    if (Math.abs(seconds) >= 30 * 86400) {
      return absolute.format(date);
    }
    for (const [unit, length] of units) {
      if (Math.abs(seconds) >= length) {
        return relative.format(Math.round(seconds / length), unit);
      }
    }
    return relative.format(seconds, "second");
  }

  function times(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const date = new Date(time.dateTime);
      if (!isNaN(date)) {
        time.textContent = "exact" in time.dataset ? absolute.format(date) : ago(date);
        time.title = absolute.format(date) + " (" + time.dateTime + ")";
      }
    }
  }

  function copies(root) {
    for (const button of root.querySelectorAll("button[data-copy], button[data-keys], input[data-all]")) {
      button.hidden = false;
    }
  }

  function keys() {
    const list = document.getElementById("keys");
    if (list && !list.open) {
      list.showModal();
    }
  }

  // What is wider than the window is scrolled by keyboard too, where the browser does not see to that itself.
  function scrolls() {
    for (const box of document.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth) {
        const heading = box.closest("section")?.querySelector("h2");
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", box.querySelector("caption")?.textContent || heading?.textContent || "Table");
      } else if (box.tabIndex === 0) {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    }
  }

  // An answer that a program on this machine waits for; its button does the same.
  function send(root) {
    for (const form of root.querySelectorAll("form[data-send]")) {
      form.submit();
    }
  }

  function ready(root) {
    times(root);
    copies(root);
    scrolls();
  }

  window.addEventListener("resize", scrolls);

  document.addEventListener("DOMContentLoaded", () => {
    ready(document);
    send(document);
  });
  document.addEventListener("htmx:load", (event) => ready(event.target));
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-keys]")) {
      keys();
    }
    const copy = event.target.closest("button[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        copy.classList.add("copied");
        setTimeout(() => copy.classList.remove("copied"), 1500);
      });
    }
    for (const open of document.querySelectorAll("details.who[open]")) {
      if (!open.contains(event.target)) {
        open.open = false;
      }
    }
  });
  document.addEventListener("change", (event) => {
    const all = event.target.closest("input[data-all]");
    if (all) {
      for (const box of all.form.querySelectorAll("input[name=" + all.dataset.all + "]")) {
        box.checked = all.checked;
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "Escape") {
      for (const open of document.querySelectorAll("details.who[open]")) {
        open.open = false;
        open.querySelector("summary").focus();
      }
    }
    if (event.key === "?" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      keys();
    }
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });
})();
