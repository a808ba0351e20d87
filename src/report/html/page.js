"use strict";
// The list of findings: read from the page's data, narrowed by what the reader asks for, drawn a part at a time.
// Whatever comes from an article becomes text, and never markup.
(() => {
  /** So many files or rules are listed at a time, */
  const GROUPS = 100;
  /** so many findings of one of them, */
  const FINDINGS = 50;
  /** and so many stand open when the list is drawn. */
  const OPEN = 25;
  const LEVELS = ["error", "warning", "info"];
  const STANDINGS = ["counted", "suppressed", "baselined"];
  const GONE = { gone: "the file cannot be read any more", changed: "the file has changed since it was checked" };

  const byId = (id) => document.getElementById(id);
  const number = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
  const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

  /** An element with its attributes and what stands in it; a text is never read as markup. */
  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  for (const hidden of document.querySelectorAll(".scripted")) hidden.hidden = false;
  colours();
  if (byId("findings-data")) list();

  /** The switch of the colours. The choice is kept where the browser lets a page keep something. */
  function colours() {
    const select = byId("scheme");
    const use = () => {
      if (select.value) document.documentElement.dataset.scheme = select.value;
      else delete document.documentElement.dataset.scheme;
    };
    try {
      select.value = localStorage.getItem("copydesk-scheme") || "";
    } catch { /* It may not: the system's colours then. */ }
    if (select.selectedIndex < 0) select.value = "";
    use();
    select.addEventListener("change", () => {
      use();
      try {
        localStorage.setItem("copydesk-scheme", select.value);
      } catch { /* The choice holds as long as the page is open. */ }
    });
  }

  function list() {
    const { rules, findings, framed, left } = read();
    const form = byId("filters");
    const fields = Object.fromEntries(["search", "file", "rule", "group", "fix", "standing"].map((id) => [id, byId(id)]));
    let groups = [];
    let drawn = 0;

    offer();
    limits();
    fromHash();
    draw();
    prepare();
    for (const kind of ["input", "change"]) form.addEventListener(kind, narrowed);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(narrowed));
    byId("more").addEventListener("click", () => {
      const first = drawGroups(GROUPS);
      if (first) first.querySelector("summary").focus();
    });
    window.addEventListener("hashchange", () => {
      if (!fromHash()) return;
      draw();
      byId("findings").scrollIntoView();
      byId("findings").focus({ preventScroll: true });
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const writes = event.target.closest("input[type=search], select, textarea");
      if (event.key === "/" && !writes) {
        event.preventDefault();
        fields.search.focus();
        fields.search.select();
      } else if (event.key === "Escape" && asked().size > 0) {
        event.preventDefault();
        form.reset();
      }
    });

    /** What can be chosen, and links from the charts to the list. */
    function offer() {
      const counts = { rule: new Map(), group: new Map() };
      const standings = new Set();
      const levels = [0, 0, 0];
      for (const finding of findings) {
        for (const key of ["rule", "group"]) counts[key].set(finding[key], (counts[key].get(finding[key]) || 0) + 1);
        standings.add(finding.standing);
        levels[finding.level] += 1;
      }
      for (const key of ["rule", "group"]) {
        for (const name of [...counts[key].keys()].sort()) {
          fields[key].append(element("option", { value: name }, `${name} (${number(counts[key].get(name))})`));
        }
        for (const cell of document.querySelectorAll(`[data-${key}]`)) {
          const name = cell.dataset[key];
          const label = `list the ${cell.textContent} of ${name}`;
          const link = element("a", { href: `#${new URLSearchParams({ [key]: name })}`, "aria-label": label }, cell.textContent);
          if (counts[key].has(name)) cell.replaceChildren(link);
        }
      }
      for (const box of form.elements.level) {
        box.parentElement.append(` (${number(levels[LEVELS.indexOf(box.value)])})`);
      }
      byId("standing-field").hidden = standings.size < 2;
    }

    /** Says what the page leaves out so that a browser can open it. */
    function limits() {
      const tell = (text) => byId("limits").append(element("p", { class: "aside" }, text));
      if (left > 0) tell(`${counted(left, "more finding")} ${left === 1 ? "is" : "are"} counted above and not listed: the page would be too large to open. The format jsonl has them all.`);
      if (framed < findings.length) tell(`The first ${counted(framed, "finding")} come with their source lines, the others with their place only: the page would be too large to open.`);
    }

    /** What the reader asks for, as it stands in the address of the page. */
    function asked() {
      const asked = new URLSearchParams();
      for (const [key, field] of Object.entries(fields)) {
        if (field.value.trim()) asked.set(key, field.value.trim());
      }
      const levels = [...form.elements.level].filter((box) => box.checked).map((box) => box.value);
      if (levels.length > 0) asked.set("level", levels.join(","));
      if (form.elements.by.value !== "file") asked.set("by", form.elements.by.value);
      return asked;
    }

    function toHash() {
      const hash = `#${asked()}`;
      if (hash === "#" && !location.hash.includes("=")) return;
      try {
        history.replaceState(null, "", hash);
      } catch { /* A browser may refuse it to files: the list is narrowed all the same. */ }
    }

    /** Takes the form's values from the address; false where that says nothing of the list. */
    function fromHash() {
      const hash = location.hash.slice(1);
      if (!hash.includes("=")) return false;
      const asked = new URLSearchParams(hash);
      for (const [key, field] of Object.entries(fields)) {
        const value = asked.get(key) || "";
        field.value = value;
        if (field.selectedIndex >= 0 || field.selectedIndex === undefined) continue;
        // A link from another day may ask for a rule that finds nothing any more: that is what it shows then.
        if (key === "rule" || key === "group") field.append(element("option", { value }, `${value} (0)`));
        field.value = key === "rule" || key === "group" ? value : "";
      }
      const levels = (asked.get("level") || "").split(",");
      for (const box of form.elements.level) box.checked = levels.includes(box.value);
      for (const choice of form.elements.by) choice.checked = choice.value === (asked.get("by") === "rule" ? "rule" : "file");
      return true;
    }

    function narrowed() {
      toHash();
      draw();
    }

    /** A test of a finding for all that is asked. */
    function wanted() {
      const levels = [...form.elements.level].map((box) => box.checked);
      const anyLevel = levels.every((checked) => checked === levels[0]);
      const { rule, group, fix, standing } = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.value]));
      const path = fields.file.value.trim().toLowerCase();
      const words = fields.search.value.toLowerCase().split(/\s+/).filter(Boolean);
      return (finding) =>
        (anyLevel || levels[finding.level])
        && (!rule || finding.rule === rule)
        && (!group || finding.group === group)
        && (!fix || (fix === "none" ? !finding.fix : finding.fix && (fix === "any" || (fix === "safe") === finding.fix.isSafe)))
        && (!standing || STANDINGS[finding.standing] === standing)
        && (!path || finding.file.lower.includes(path))
        && words.every((word) => hay(finding).includes(word));
    }

    /** Makes the texts that are searched before somebody searches, while the browser has nothing else to do. */
    function prepare() {
      const later = window.requestIdleCallback || ((run) => setTimeout(() => run({ timeRemaining: () => 10 }), 50));
      let at = 0;
      later(function some(idle) {
        while (at < findings.length && idle.timeRemaining() > 2) {
          for (const end = Math.min(at + 200, findings.length); at < end; at += 1) hay(findings[at]);
        }
        if (at < findings.length) later(some);
      });
    }

    function draw() {
      const found = findings.filter(wanted());
      const by = form.elements.by.value === "rule" ? "rule" : "file";
      const map = new Map();
      for (const finding of found) {
        const key = finding[by];
        if (map.has(key)) map.get(key).push(finding);
        else map.set(key, [finding]);
      }
      groups = [...map].map(([key, findings]) => ({ key, findings }));
      const compare = (a, b) => (a < b ? -1 : Number(a > b));
      if (by === "rule") groups.sort((a, b) => b.findings.length - a.findings.length || compare(a.key, b.key));
      const all = found.length === findings.length ? "all" : `${number(found.length)} of`;
      byId("shown").textContent = found.length === 0
        ? "No finding is like that"
        : `Listed: ${all} ${counted(findings.length, "finding")}, in ${counted(groups.length, by)}`;
      byId("list").replaceChildren();
      drawn = 0;
      drawGroups(GROUPS);
    }

    /** Draws the next groups, and brings the first of them. */
    function drawGroups(count) {
      const next = groups.slice(drawn, drawn + count);
      let open = drawn === 0 ? OPEN : 0;
      const made = next.map((group, at) => {
        const isOpen = open > 0 && (at === 0 || group.findings.length <= open);
        open = isOpen ? open - group.findings.length : 0;
        return drawGroup(group, isOpen);
      });
      byId("list").append(...made);
      drawn += next.length;
      const rest = groups.length - drawn;
      byId("more").hidden = rest === 0;
      byId("more").textContent = `List ${number(Math.min(GROUPS, rest))} more of ${number(rest)}`;
      return made[0];
    }

    function drawGroup({ key, findings }, isOpen) {
      const rule = typeof key === "string" ? rules[key] : null;
      const name = typeof key === "string" ? key : key.path;
      const levels = LEVELS.map((level, at) => [findings.filter((finding) => finding.level === at).length, level]);
      const tally = levels.filter(([count]) => count > 0).map(([count, level]) => counted(count, level)).join(", ");
      const details = element("details", null,
        element("summary", null, element("h3", null, element("bdi", null, name)), element("span", { class: "tally" }, tally)));
      if (rule) {
        details.append(element("p", { class: "summary" }, rule.summary, rule.summary && rule.url ? " – " : "",
          rule.url && element("a", { href: rule.url, rel: "noreferrer" }, `the manual of ${key}`)));
      }
      let filled = 0;
      const fill = () => {
        const next = findings.slice(filled, filled + FINDINGS).map((finding) => drawFinding(finding, rule !== null));
        details.append(...next);
        filled += next.length;
        const rest = findings.length - filled;
        if (rest === 0) return next[0];
        const button = element("button", { type: "button" }, `Show ${number(Math.min(FINDINGS, rest))} more of ${number(rest)}`);
        const place = element("p", { class: "shown-more" }, button);
        button.addEventListener("click", () => {
          place.remove();
          const first = fill();
          first.tabIndex = -1;
          first.focus();
        });
        details.append(place);
        return next[0];
      };
      if (isOpen) {
        details.open = true;
        fill();
      } else {
        details.addEventListener("toggle", fill, { once: true });
      }
      return element("section", { class: "group" }, details);
    }

    function drawFinding(finding, hasPath) {
      const { file, rule, level, note, help, fix } = finding;
      const url = (rules[rule] || {}).url;
      const place = `${hasPath ? file.path : "line "}${finding.line ? `${hasPath ? ":" : ""}${finding.line}:${finding.column}` : ""}`;
      const line = element("p", { class: "line" },
        element("span", { class: `level ${LEVELS[level]}` }, LEVELS[level]),
        url ? element("a", { href: url, rel: "noreferrer" }, rule) : element("span", null, rule),
        element("bdi", null, finding.line || hasPath ? place : GONE[finding.gone]),
        note && element("bdi", null, note));
      const made = element("article", { class: note ? "finding apart" : "finding" },
        element("h4", null, finding.message), line,
        help && element("p", { class: "help" }, help));
      if (finding.gone && hasPath) made.append(element("p", { class: "note" }, GONE[finding.gone]));
      if (finding.frame) made.append(frame(file, finding.frame));
      for (const related of finding.related) {
        made.append(element("p", { class: "note" }, element("strong", null, related.text), " – ",
          element("bdi", null, related.line ? `${related.path}:${related.line}:${related.column}` : `${related.path}: ${GONE[related.gone]}`)));
        if (related.source) made.append(code([[related.line, related.source]]));
      }
      if (finding.moreRelated) made.append(element("p", { class: "note" }, `${counted(finding.moreRelated, "more related place")}`));
      if (fix) {
        made.append(element("p", { class: "note" }, element("strong", null, `${fix.isSafe ? "Safe" : "Unsafe"} fix: `), element("bdi", null, fix.title)));
        if (fix.edits.length > 0) {
          made.append(code(fix.edits.map(([line, before, old, fresh, behind]) => [line,
            [before, old && element("del", null, ends(old)), fresh && element("ins", null, ends(fresh)), behind]])));
        }
        if (fix.more) made.append(element("p", { class: "note" }, `${counted(fix.more, "more change")}`));
      }
      return made;
    }

    function frame(file, [first, items, goesOn]) {
      const lines = linesOf(file);
      const made = code(items.map((item, at) => [first + at, item === 0 ? lines.get(first + at) : item]));
      if (goesOn) made.append(element("span", { class: "row" }, element("span", { class: "number" }, "…"), element("code", null, `goes on to line ${goesOn}`)));
      return made;
    }

    /** Lines with their numbers. A line in three parts is marked in the middle; one of elements is as they are. */
    function code(lines) {
      const row = ([line, parts]) => {
        const isMarked = Array.isArray(parts) && parts.length === 3;
        const [before, marked, behind] = isMarked ? parts : [];
        const mark = () => element("mark", { class: marked === "" ? "point" : null }, marked);
        const content = isMarked ? [before, mark(), behind] : [].concat(parts);
        return element("span", { class: "row" },
          element("span", { class: "number" }, number(line).replaceAll(",", "")),
          element("code", { lang: "" }, ...content), "\n");
      };
      return element("pre", { class: "frame" }, ...lines.map(row));
    }
  }

  /** A text whose line ends are seen. */
  function ends(text) {
    return text.replaceAll("\n", "↵\n");
  }

  /** The lines of a file that are written once for all its frames. */
  function linesOf(file) {
    if (!file.lines) {
      file.lines = new Map();
      for (const { frame } of file.findings) {
        if (frame) frame[1].forEach((item, at) => typeof item === "string" && file.lines.set(frame[0] + at, item));
      }
    }
    return file.lines;
  }

  /** All texts of a finding, to be searched. */
  function hay(finding) {
    if (finding.hay === null) {
      const { file, frame, fix, note } = finding;
      const texts = [finding.message, finding.rule, file.path, finding.help || "", note || "", fix ? fix.title : ""];
      for (const related of finding.related) texts.push(related.text, related.path);
      if (frame) frame[1].forEach((item, at) => texts.push(item === 0 ? linesOf(file).get(frame[0] + at) : [].concat(item).join("")));
      finding.hay = texts.join("\n").toLowerCase();
    }
    return finding.hay;
  }

  /** The data of the page, as `src/report/html/data.rs` writes it: each text in full where it comes first, as a number after. */
  function read() {
    const element = byId("findings-data");
    const data = JSON.parse(element.textContent);
    element.remove();
    const rules = Object.assign(Object.create(null), data.rules);
    const texts = [];
    const text = (value) => {
      if (typeof value === "string") texts.push(value);
      return typeof value === "number" ? texts[value] : value;
    };
    const place = (value) => (Array.isArray(value) ? { line: value[0], column: value[1], gone: null } : { line: 0, column: 0, gone: value });
    const findings = [];
    for (const [path, rows] of data.files) {
      const file = { path, lower: path.toLowerCase(), findings: [], lines: null };
      for (const [rule, level, standing, where, message, help, fix, related, more, frame] of rows) {
        const finding = { file, level, frame, hay: null, moreRelated: more, ...place(where) };
        finding.rule = text(rule);
        finding.group = (rules[finding.rule] || {}).group || "";
        [finding.standing, finding.note] = standing || [0, null];
        finding.message = text(message);
        finding.help = text(help);
        finding.fix = fix && { title: text(fix[0]), isSafe: fix[1], edits: fix[2], more: fix[3] };
        finding.related = related.map(([path, where, words, source]) => ({ path: text(path), text: text(words), source, ...place(where) }));
        file.findings.push(finding);
        findings.push(finding);
      }
    }
    return { rules, findings, framed: data.framed, left: data.left };
  }
})();
