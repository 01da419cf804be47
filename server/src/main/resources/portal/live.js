"use strict";
// Looks again at the regions of a page when the server says that something changed (/portal/live). Where it cannot be
// heard, they are looked at again from time to time. Without this file a page has a link to look again.
(function () {
  let last = document.documentElement.dataset.seen;
  if (!last) {
    return; // nobody is signed in
  }
  let stream = null;
  let heard = false;
  let over = false;
  let silent = 0;

  function look() {
    document.body.dispatchEvent(new CustomEvent("look"));
  }

  function away(is) {
    document.getElementById("away").hidden = !is;
  }

  function listen() {
    if (stream || over || document.hidden || !window.EventSource) {
      return;
    }
    stream = new EventSource("/portal/live?since=" + encodeURIComponent(last));
    stream.addEventListener("open", () => {
      heard = true;
      away(false);
    });
    stream.addEventListener("change", (event) => {
      last = event.lastEventId;
      look();
    });
    stream.addEventListener("over", () => {
      over = true;
      stop();
      look();
    });
    stream.addEventListener("error", () => {
      heard = false;
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null; // refused: the browser does not try again by itself
        setTimeout(listen, 20000);
      } else {
        setTimeout(() => heard || over || document.hidden || away(true), 4000);
      }
    });
  }

  function stop() {
    if (stream) {
      stream.close();
      stream = null;
      heard = false;
    }
  }

  // a page that nobody sees needs no connection, of which a browser has few
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", listen);
  setInterval(() => {
    silent = heard || document.hidden || over ? 0 : silent + 1;
    if (silent && (document.querySelector("[data-moving]") || silent % 5 === 0)) {
      look();
    }
  }, 3000);

  const fields = "input:not([type=hidden]), select, textarea";

  /** Whether somebody is about to fill something in there. */
  function filling(region) {
    return [...region.querySelectorAll(fields)].some(
      (f) =>
        f === document.activeElement ||
        (f.type === "checkbox" || f.type === "radio"
          ? f.checked !== f.defaultChecked
          : f.tagName === "SELECT"
            ? [...f.options].some((o) => o.selected !== o.defaultSelected && o.index > 0)
            : f.value !== f.defaultValue),
    );
  }

  function opened(region) {
    return [...region.querySelectorAll("details")].map((d) => d.open);
  }

  let before = [];
  document.addEventListener("htmx:beforeRequest", (event) => {
    const by = event.detail.requestConfig.triggeringEvent;
    const drawer = event.detail.elt.closest("details.drawer");
    if ((drawer && !drawer.open) || (by && by.type === "look" && filling(event.detail.elt))) {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "get") {
      event.detail.headers["X-Keyturn-By-Itself"] = "1";
    }
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    before = opened(event.detail.target);
  });
  document.addEventListener("htmx:load", (event) => {
    const now = [...event.detail.elt.querySelectorAll("details")];
    if (now.length === before.length) {
      now.forEach((d, i) => (d.open = d.open || before[i]));
    }
    before = [];
  });
  document.addEventListener("htmx:sendError", () => away(true));
  document.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status > 0) {
      away(status >= 500);
    }
    if (status === 403 || status === 404) {
      location.reload(); // the page says what it is now
    }
  });
  listen();
})();
