// Shows the newest report and what was said of the last save; the reader's place in the report is kept.
"use strict";
const page = document.getElementById("page");
const said = document.getElementById("said");
let shown = 0;
const changes = new EventSource("changes");
changes.onmessage = (event) => {
  const { version, text, faults } = JSON.parse(event.data);
  said.textContent = text;
  said.className = faults ? "faults" : "";
  if (version === shown) return;
  const where = page.contentWindow.location.hash;
  shown = version;
  page.src = `report.html?${version}${where}`;
};
changes.onerror = () => { said.textContent = "standoff watch has ended; this is the last report."; };
