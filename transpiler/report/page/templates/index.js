// The table: sorted by a column, filtered by text and verdict.
const links = JSON.parse(one("#data").textContent);
const table = one("table.index");
const body = table.tBodies[0];
const value = (row, column) => {
  const cell = row.cells[column];
  const bar = one("svg", cell);
  return cell.dataset.v ?? (bar ? bar.getAttribute("aria-label") : cell.textContent.trim());
};
const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
all("th button", table).forEach((button) => button.addEventListener("click", () => {
  const head = button.parentNode;
  const down = head.getAttribute("aria-sort") === "ascending"
    || (head.getAttribute("aria-sort") === "none" && head.classList.contains("num"));
  all("th[aria-sort]", table).forEach((other) => other.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const sign = down ? -1 : 1;
  const column = head.cellIndex;
  body.append(...[...body.rows].sort((a, b) => sign * order.compare(value(a, column), value(b, column))));
}));
const filter = () => {
  const text = one("#find").value.toLowerCase();
  const kept = new Set(all(".filters input[type=checkbox]:checked").map((box) => box.value));
  let shown = 0;
  for (const row of body.rows) {
    row.hidden = !(kept.has(row.dataset.d) && row.textContent.toLowerCase().includes(text));
    shown += !row.hidden;
  }
  one("#shown").textContent = shown === body.rows.length ? "" : `${shown} of ${body.rows.length}`;
};
one(".filters").addEventListener("input", filter);

// The picture: a DAG's box leads to its page, else to its row.
const go = (node) => {
  const numbers = node.dataset.t.split(",").filter(Boolean);
  if (numbers.length !== 1) return;
  const link = links[numbers[0]];
  location.href = link || `#dag${numbers[0]}`;
};
all(".node").forEach((node) => {
  node.addEventListener("click", () => go(node));
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go(node);
    else if (event.key.startsWith("Arrow")) move(node, event.key);
    else return;
    event.preventDefault();
  });
});
