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
  let lost = false;
  let over = false;
  let looked = Date.now();
  // a look is owed from a change on until every region that asked got its answer: changes are counted
  let wanted = 0;
  let done = 0;
  let begun = 0;
  let flying = 0;
  let flew = 0;
  let failing = false;
  let skipped = false;

  function owed() {
    return done < wanted;
  }

  function look() {
    if (Date.now() - flew > 40000) {
      flying = 0; // of a region that is gone nothing is told any more
    }
    looked = Date.now();
    skipped = false;
    document.body.dispatchEvent(new CustomEvent("look"));
  }

  function want() {
    wanted++;
    look();
  }

  /** Said until a look succeeds, which is therefore tried until then. */
  function away() {
    document.getElementById("away").hidden = false;
    if (!owed()) {
      wanted++;
    }
  }

  function listen() {
    if (stream || over || document.hidden || !window.EventSource) {
      return;
    }
    stream = new EventSource("/portal/live?since=" + encodeURIComponent(last));
    stream.addEventListener("open", () => {
      heard = true;
      if (lost) {
        lost = false;
        want();
      }
    });
    stream.addEventListener("change", (event) => {
      last = event.lastEventId;
      want();
    });
    stream.addEventListener("over", () => {
      over = true;
      stop();
      want();
    });
    stream.addEventListener("error", () => {
      heard = false;
      lost = true;
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null; // refused: the browser does not try again by itself
        setTimeout(listen, 20000);
      } else {
        setTimeout(() => heard || over || document.hidden || away(), 4000);
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
  // also where changes are heard: some things change without one, such as what a host says
  setInterval(() => {
    if (document.hidden || (over && !owed())) {
      return;
    }
    const moving = document.querySelector("[data-moving]");
    const pause = heard ? (moving ? 15000 : 60000) : moving ? 3000 : 15000;
    if (owed() || Date.now() - looked > pause - 500) {
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

  document.addEventListener("focusout", () => setTimeout(() => skipped && look()));

  function isLook(config) {
    return Boolean(config.triggeringEvent) && config.triggeringEvent.type === "look";
  }

  let before = [];
  document.addEventListener("htmx:beforeRequest", (event) => {
    const elt = event.detail.elt;
    const drawer = elt.closest("details.drawer");
    if (drawer && !drawer.open && !elt.closest("summary")) {
      event.preventDefault();
    } else if (isLook(event.detail.requestConfig)) {
      if (filling(elt)) {
        skipped = true;
        event.preventDefault();
        return;
      }
      if (flying === 0) {
        begun = wanted;
        failing = false;
      }
      flying++;
      flew = Date.now();
    }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "get") {
      event.detail.headers["X-Keyturn-By-Itself"] = "1";
      event.detail.timeout = 30000;
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
  document.addEventListener("htmx:sendError", away);
  document.addEventListener("htmx:afterRequest", (event) => {
    const config = event.detail.requestConfig;
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    const well = status >= 200 && status < 300;
    if (isLook(config)) {
      flying = Math.max(0, flying - 1);
      failing = failing || !well;
      if (flying === 0 && !failing) {
        done = begun;
        document.getElementById("away").hidden = true;
      } else if (failing && !owed()) {
        wanted++;
      }
    }
    if (status >= 500) {
      away();
    }
    if ((status === 403 || status === 404) && config.verb === "get" && !event.detail.elt.closest("details.drawer")) {
      location.reload(); // the page says what it is now
    }
  });
  listen();
})();
