// Filters the timeline and the diagram. The page is complete without it.
const search = document.getElementById('search');
const service = document.getElementById('service');
const state = document.getElementById('state');
const shown = document.getElementById('shown');
const tables = document.getElementById('tables');

function filterTimeline() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const items = document.querySelectorAll('#timeline details');
  let count = 0;
  for (const item of items) {
    const text = item.textContent.toLowerCase();
    const fits =
      (!service.value || item.dataset.service === service.value) &&
      (!state.value || item.dataset.state === state.value) &&
      words.every((word) => text.includes(word));
    item.hidden = !fits;
    if (fits) count += 1;
  }
  shown.textContent = `${count} of ${items.length} migrations`;
}

function filterDiagram() {
  const word = tables.value.trim().toLowerCase();
  let first;
  for (const table of document.querySelectorAll('.diagram [data-table]')) {
    const fits =
      !word || table.textContent.toLowerCase().includes(word) || table.dataset.table.includes(word);
    table.classList.toggle('dim', !fits);
    if (fits && word) first ??= table;
  }
  first?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

for (const control of [search, service, state]) control.addEventListener('input', filterTimeline);
tables?.addEventListener('input', filterDiagram);
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || /^(INPUT|SELECT)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  search.focus();
});
filterTimeline();

// Served by `yarn db report --watch`: what changed replaces what is shown; what is open stays open, and the keyboard
// where it was.
if (document.documentElement.dataset.live) {
  new EventSource('events').addEventListener('message', ({ data }) => {
    const open = new Set([...document.querySelectorAll('details[open]')].map((item) => item.id));
    const focused = document.activeElement.closest('summary')?.parentElement.id;
    for (const [id, html] of Object.entries(JSON.parse(data))) document.getElementById(id).innerHTML = html;
    for (const id of open) document.getElementById(id)?.setAttribute('open', '');
    if (focused) document.getElementById(focused)?.firstElementChild.focus({ preventScroll: true });
    filterTimeline();
  });
}
