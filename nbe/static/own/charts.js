/* Draws a chart when it comes into sight, from the address the page names; the table beside it stays. */
(() => {
  "use strict";
  const charts = document.querySelectorAll("[data-chart]");
  if (!charts.length) return;

  const locale = {
    moduleType: "locale",
    name: "da",
    dictionary: {
      "Double-click to zoom back out": "Dobbeltklik for at zoome ud igen",
      "Double-click on legend to isolate one trace": "Dobbeltklik på et navn for kun at vise det",
    },
    format: {
      days: ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"],
      shortDays: ["søn", "man", "tir", "ons", "tor", "fre", "lør"],
      months: ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
      shortMonths: ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
      date: "%d-%m-%Y", decimal: ",", thousands: ".",
    },
  };

  let bundle = null;
  const loadBundle = (address) => {
    bundle = bundle || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => {
        window.Plotly.register(locale);
        window.Plotly.setPlotConfig({
          showSendToCloud: false, plotlyServerURL: "", displaylogo: false, displayModeBar: false, responsive: true,
          locale: document.documentElement.lang === "da" ? "da" : "en-US",
        });
        resolve(window.Plotly);
      };
      script.onerror = reject;
      document.head.append(script);
    });
    return bundle;
  };

  const draw = async (place) => {
    const table = place.parentElement.querySelector("[data-chart-table]");
    try {
      const answer = await fetch(place.dataset.chart, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const [figure, plotly] = await Promise.all([answer.json(), loadBundle(place.dataset.bundle)]);
      await plotly.newPlot(place, figure.data, figure.layout);
      place.dataset.drawn = "1";
    } catch {
      place.hidden = true;
      if (table) table.open = true;
      window.nbe.announce(place.dataset.failed);
    }
  };

  const watcher = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      watcher.unobserve(entry.target);
      draw(entry.target);
    });
  }, { rootMargin: "200px" });

  charts.forEach((place) => {
    place.hidden = false;
    const table = place.parentElement.querySelector("[data-chart-table]");
    if (table) table.open = false;
    watcher.observe(place);
  });

  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("[data-chart-table]").forEach((table) => { table.open = true; });
  });
})();
