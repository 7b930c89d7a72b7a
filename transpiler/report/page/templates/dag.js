// One task chosen: its step, its lines on both sides, its findings and its rows.
const data = JSON.parse(one("#data").textContent);
const inspector = one("#inspector");
let chosenTasks = [];
let cameFrom = null;

const lineOf = (tab, number) => all(".ln", document.getElementById(tab))[number - 1];
const reveal = (element) => {
  const box = element.closest(".code");
  if (box.hidden) openTab(document.getElementById(box.getAttribute("aria-labelledby")));
  box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top - 60;
};
const clear = () => {
  all(".on, .near").forEach((element) => element.classList.remove("on", "near"));
  all(".picked").forEach((element) => element.classList.remove("picked"));
};
const mark = (tasks) => {
  const wanted = new Set(tasks.map(String));
  const parts = new Set(tasks.map((number) => String(data.tasks[number][6])));
  const hit = (element) => element.dataset.t.split(",").some((number) => wanted.has(number));
  all("[data-t]").forEach((element) => { if (hit(element)) element.classList.add("on"); });
  all(".blk[data-p]").forEach((block) => { if (parts.has(block.dataset.p)) block.classList.add("on"); });
  all("svg.graph").forEach((svg) => {
    const on = new Set(all(".node.on", svg).map((node) => node.dataset.k));
    if (!on.size) return;
    svg.classList.add("picked");
    all(".edge", svg).forEach((edge) => {
      if (!on.has(edge.dataset.a) && !on.has(edge.dataset.b)) return;
      edge.classList.add("on");
      [edge.dataset.a, edge.dataset.b].forEach((key) => nodeOf(svg, key)?.classList.add("near"));
    });
  });
  all(".pane").forEach((pane) => {
    const shown = one(".code:not([hidden]) .blk.on", pane);
    const found = shown || one(".blk.on", pane);
    if (found) reveal(found);
  });
};
const fact = (list, name, value) => {
  if (!value) return;
  list.append(make("dt", name), make("dd", value));
};
const chip = (number) => {
  const button = make("button", data.tasks[number][0], "chip");
  button.addEventListener("click", () => choose([number]));
  return button;
};
const inspect = (tasks) => {
  const close = make("button", "✕", "close");
  close.setAttribute("aria-label", "Close");
  close.addEventListener("click", () => choose([]));
  inspector.replaceChildren(close);
  if (tasks.length > 1) {
    const list = make("div", undefined, "list");
    list.append(...tasks.slice(0, 200).map(chip));
    inspector.append(make("h3", `${tasks.length} tasks`), list);
    if (tasks.length > 200) inspector.append(make("p", `and ${tasks.length - 200} more`, "muted"));
  } else {
    const [id, operator, steps, rule, retries, state, , more] = data.tasks[tasks[0]];
    const facts = make("dl", undefined, "facts");
    fact(facts, "Airflow", operator);
    fact(facts, "ZenML", steps);
    fact(facts, "Result", data.words[state]);
    fact(facts, "Trigger rule", rule);
    fact(facts, "Retries", retries);
    fact(facts, "Also", more);
    inspector.append(make("h3", id), facts);
    const found = data.findings.filter((finding) => finding[3].includes(tasks[0]));
    if (found.length) {
      const list = make("ul");
      list.append(...found.map(([code, , message]) => make("li", `${code} ${message}`)));
      inspector.append(list);
    }
  }
  const go = make("div", undefined, "go");
  for (const [id, name] of [["graphs", "Graphs"], ["code", "Code"], ["account", "Account"]]) {
    if (!document.getElementById(id)) continue;
    const link = make("a", `${name} ↓`);
    link.href = `#${id}`;
    go.append(link);
  }
  inspector.append(go);
};
const choose = (tasks) => {
  clear();
  chosenTasks = tasks;
  inspector.hidden = !tasks.length;
  if (!tasks.length) {
    if (cameFrom) cameFrom.focus({ preventScroll: true });
    cameFrom = null;
    return;
  }
  cameFrom = document.activeElement;
  mark(tasks);
  inspect(tasks);
};
const numbers = (element) => element.dataset.t.split(",").filter(Boolean).map(Number);
const view = (number) => {
  all(".graphs").forEach((graphs) => { graphs.hidden = graphs.dataset.view !== String(number); });
};
const act = (element) => {
  if (element.dataset.open !== undefined) { view(element.dataset.open); choose([]); return; }
  const tasks = numbers(element);
  const same = tasks.length === chosenTasks.length && tasks.every((t, i) => t === chosenTasks[i]);
  choose(same ? [] : tasks);
};
all(".node, button.chip[data-t], button[data-open]").forEach((element) => {
  element.addEventListener("click", () => act(element));
});
all(".node").forEach((node) => node.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") act(node);
  else if (event.key.startsWith("Arrow")) move(node, event.key);
  else return;
  event.preventDefault();
}));
addEventListener("keydown", (event) => { if (event.key === "Escape") choose([]); });

// Parts of code point at one another.
all(".blk[data-p]").forEach((block) => {
  const same = () => all(`.blk[data-p="${block.dataset.p}"]`);
  block.addEventListener("mouseenter", () => same().forEach((other) => other.classList.add("over")));
  block.addEventListener("mouseleave", () => same().forEach((other) => other.classList.remove("over")));
  block.addEventListener("click", () => {
    if (String(getSelection())) return;
    const part = Number(block.dataset.p);
    const tasks = data.tasks.flatMap((task, number) => (task[6] === part ? [number] : []));
    if (tasks.length) { choose(tasks); return; }
    choose([]);
    same().forEach((other) => other.classList.add("on"));
    all(".pane").forEach((pane) => {
      if (!pane.contains(block) && one(".blk.on", pane)) reveal(one(".blk.on", pane));
    });
  });
});
all("a.spot").forEach((link) => link.addEventListener("click", (event) => {
  const line = document.getElementById(link.hash.slice(1));
  if (!line) return;
  event.preventDefault();
  all(".ln.at").forEach((other) => other.classList.remove("at"));
  line.classList.add("at");
  one("#code").scrollIntoView();
  reveal(line);
}));

// The account's filters.
const rows = all(".account tbody tr");
const filter = () => {
  const text = one("#find").value.toLowerCase();
  const kind = one("#kind").value;
  const kept = new Set(all(".filters input[type=checkbox]:checked").map((box) => box.value));
  let shown = 0;
  for (const row of rows) {
    const fits = kept.has(row.dataset.d)
      && (!kind || row.cells[1].textContent === kind)
      && (!text || row.textContent.toLowerCase().includes(text));
    row.hidden = !fits;
    shown += fits;
  }
  one("#shown").textContent = shown === rows.length ? "" : `${shown} of ${rows.length}`;
};
if (rows.length) {
  one(".filters").addEventListener("input", filter);
}

// The next five runs, counted from the reader's clock by the same fire times.
const MINUTE = 60000;
const DAY = 86400000;
const offset = (moment, zone) => {
  if (zone === "UTC") return 0;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(new Date(moment));
  const of = (type) => Number(parts.find((part) => part.type === type).value);
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return wall - Math.floor(moment / 1000) * 1000;
};
// Of a doubled hour the second one counts, a left out hour moves on.
const fromWall = (wall, zone) => {
  const early = wall - offset(wall - DAY, zone);
  const late = wall - offset(wall + DAY, zone);
  const valid = [early, late].filter((moment) => moment + offset(moment, zone) === wall);
  return valid.length ? Math.max(...valid) : early;
};
const numbersOf = (field, low, high) => (field[0] === "*"
  ? Array.from({ length: high - low + 1 }, (_, i) => low + i) : [...field].sort((a, b) => a - b));
const fires = (schedule, from, number, zone) => {
  const [minutes, hours, days, months, weekdays] = schedule.cron;
  const found = [];
  const first = Math.floor((from - DAY) / DAY) * DAY;
  for (let day = first; day < first + 12000 * DAY && found.length < number; day += DAY) {
    const date = new Date(day);
    const inMonth = days[0] === "*" || days.includes(date.getUTCDate());
    const inWeek = weekdays[0] === "*" || weekdays.includes(date.getUTCDay());
    const either = days[0] !== "*" && weekdays[0] !== "*" ? inMonth || inWeek : inMonth && inWeek;
    if (!either || !(months[0] === "*" || months.includes(date.getUTCMonth() + 1))) continue;
    for (const hour of numbersOf(hours, 0, 23)) {
      for (const minute of numbersOf(minutes, 0, 59)) {
        const moment = fromWall(day + hour * 60 * MINUTE + minute * MINUTE, zone);
        if (moment > from && found.length < number && found.at(-1) !== moment) found.push(moment);
      }
    }
  }
  return found;
};
const lastFire = (schedule, moment) => {
  for (const days of [1, 8, 32, 400, 1500]) {
    const found = fires(schedule, moment - days * DAY, 5000, schedule.zone).filter((m) => m <= moment);
    if (found.length) return found.at(-1);
  }
  return null;
};
const nextRuns = (schedule, now) => {
  const start = schedule.start ? Date.parse(schedule.start) : 0;
  const from = Math.max(now, start - 1);
  const due = fires(schedule, from, schedule.trigger ? 5 : 6, schedule.zone);
  const lead = schedule.interval * 1000;
  const fired = schedule.trigger
    ? due.map((moment) => [moment - lead, moment])
    : due.slice(1).map((moment, i) => [due[i], moment]);
  // The interval that is running now ends at the first fire time.
  if (!schedule.trigger && start <= now) {
    const before = lastFire(schedule, from);
    if (before !== null && before >= start) fired.unshift([before, due[0]]);
  }
  const native = schedule.native ? fires(schedule, from, 6, "UTC") : null;
  const end = schedule.end ? Date.parse(schedule.end) : Infinity;
  return fired.filter((run) => run[0] <= end).slice(0, 5)
    .map(([low, high]) => [low, high, high, native ? native.find((m) => m >= high) ?? high : high]);
};
const stamp = (moment) => new Date(moment).toLocaleString("en-GB", {
  timeZone: "UTC", weekday: "short", day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit",
}).replaceAll(",", "");
const table = one("#dates tbody");
if (table && data.schedule) {
  const now = Date.now();
  const runs = nextRuns(data.schedule, now);
  if (runs.length) {
    one("#dates-title").textContent = "The next five runs";
    table.replaceChildren(...runs.map((run) => {
      const row = make("tr");
      row.append(...run.map((moment) => make("td", stamp(moment))));
      if (run[2] !== run[3]) row.lastChild.className = "differs";
      return row;
    }));
  }
}
