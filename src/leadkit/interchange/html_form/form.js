"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const form = one("form"), summary = one("summary"), told = one("told");
  const fields = [...form.querySelectorAll("[data-column]")].map((box) => ({
    box,
    column: box.dataset.column,
    inputs: [...box.querySelectorAll("input")],
    isItem: box.classList.contains("item"),
  }));
  const items = fields.filter((field) => field.isItem);
  const person = fields[0];
  const listed = new Map();
  let unsaved = false;

  // Answers

  const tidy = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ").trim();

  function answer(field) {
    const first = field.inputs[0];
    if (first.type === "radio") return (field.inputs.find((input) => input.checked) || { value: "" }).value;
    if (first.type === "number") return first.value === "" ? "" : String(Number(first.value));
    return tidy(first.value);
  }

  function fill(field, text) {
    if (field.inputs[0].type === "radio") field.inputs.forEach((input) => { input.checked = input.value === text; });
    else field.inputs[0].value = text;
  }

  const isWrong = (field) => field.inputs[0].type === "number" && !field.inputs[0].validity.valid;
  const gaps = () => items.filter((field) => answer(field) === "");

  // Storage: every access may be denied, and what lies there may be anything

  const store = {
    get() {
      try {
        const kept = JSON.parse(window.localStorage.getItem(form.dataset.store));
        return kept !== null && typeof kept === "object" ? kept : {};
      } catch { return {}; }
    },
    set(answers) {
      try {
        window.localStorage.setItem(form.dataset.store, JSON.stringify(answers));
        return true;
      } catch { return false; }
    },
    clear() {
      try { window.localStorage.removeItem(form.dataset.store); } catch { /* nothing is kept */ }
    },
  };

  function keep() {
    one("no-storage").hidden = store.set(Object.fromEntries(fields.map((field) => [field.column, answer(field)])));
  }

  function restore() {
    const kept = store.get();
    for (const field of fields) {
      if (Object.hasOwn(kept, field.column) && typeof kept[field.column] === "string") fill(field, kept[field.column]);
    }
  }

  // What the page shows

  function refresh() {
    const answered = items.length - gaps().length;
    const words = `${answered} of ${items.length} answered`;
    one("bar").value = answered;
    if (one("progress").textContent !== words) one("progress").textContent = words;
    for (const field of items) field.box.querySelector(".undo").hidden = answer(field) === "";
  }

  function mark(field, words, isFault = false) {
    field.box.classList.toggle("wrong", words !== "");
    field.box.querySelector(".note").textContent = words;
    if (isFault) field.inputs[0].setAttribute("aria-invalid", "true");
    else field.inputs[0].removeAttribute("aria-invalid");
  }

  function changed(field) {
    unsaved = true;
    told.textContent = "";
    one("copy").hidden = true;
    mark(field, "");
    if (listed.has(field)) listed.get(field).textContent = answer(field) === "" ? "" : " (answered)";
    keep();
    refresh();
  }

  function summarise(head, text, found, mayBeSaved) {
    one("summary-head").textContent = head;
    one("summary-text").textContent = text;
    listed.clear();
    one("summary-list").replaceChildren(...found.map((field) => {
      const [line, link, done] = ["li", "a", "span"].map((tag) => document.createElement(tag));
      link.href = "#";
      link.textContent = field.box.querySelector("legend, label").textContent;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        field.box.scrollIntoView({ block: "center" });
        field.inputs[0].focus({ preventScroll: true });
      });
      listed.set(field, done);
      line.append(link, done);
      return line;
    }));
    one("with-gaps").hidden = !mayBeSaved;
    summary.hidden = false;
    summary.scrollIntoView({ block: "start" });
    summary.focus({ preventScroll: true });
  }

  // The file: a cell that a spreadsheet would run, or a reader would leave out, begins with an apostrophe

  function cell(text) {
    const bare = text.replace(/^'+/, "");
    const isRisky = /^[=+\-@]/.test(bare) || bare !== bare.trim() || bare === "#question" || bare === "#answers";
    return isRisky ? `'${text}` : text;
  }

  const quoted = (text) => (/[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  function table() {
    const row = fields.map((field) => (field.isItem ? answer(field) : cell(answer(field))));
    return [fields.map((field) => field.column), row].map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
  }

  function fileName() {
    const who = answer(person).replace(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, 60);
    return `${form.dataset.file}-${who}.csv`;
  }

  function save() {
    const text = table(), link = document.createElement("a");
    const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
    link.href = address;
    link.download = fileName();
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    unsaved = false;
    summary.hidden = true;
    one("copy-text").value = text;
    one("copy").hidden = false;
    told.textContent = `Saved as ${link.download}. Give this file to the person who gave you the form. `
      + "If others use this browser, clear everything now.";
    one("save").focus();
  }

  function trySaving(withGaps) {
    const wrong = items.filter(isWrong), open = gaps().filter((field) => !isWrong(field));
    const nobody = answer(person) === "";
    mark(person, nobody ? "The file needs a name or a code" : "", nobody);
    open.forEach((field) => mark(field, "Not answered yet"));
    wrong.forEach((field) => mark(field, "Not a number of the scale", true));
    told.textContent = "";
    if (nobody || wrong.length) {
      summarise("Not saved yet", "Please put this right first:", nobody ? [person, ...wrong] : wrong, false);
    } else if (open.length && !withGaps) {
      const many = open.length === 1 ? "1 question has no answer" : `${open.length} questions have no answer`;
      summarise(many, "Nothing is saved yet. You can answer them now, or save with gaps.", open, true);
    } else save();
  }

  // Events

  for (const field of fields) {
    const take = () => {
      fill(field, "");
      changed(field);
    };
    field.box.addEventListener("input", () => changed(field));
    if (!field.isItem) continue;
    field.box.querySelector(".undo").addEventListener("click", () => {
      take();
      field.inputs[0].focus();
    });
    field.box.addEventListener("keydown", (event) => {
      if (event.target.type !== "radio" || (event.key !== "Delete" && event.key !== "Backspace")) return;
      event.preventDefault();
      take();
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    trySaving(false);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") event.preventDefault();
  });
  one("with-gaps").addEventListener("click", () => trySaving(true));
  one("clear").addEventListener("click", () => {
    if (!window.confirm("Clear all answers in this page and in this browser's storage?")) return;
    fields.forEach((field) => {
      fill(field, "");
      mark(field, "");
    });
    store.clear();
    unsaved = false;
    summary.hidden = true;
    one("copy").hidden = true;
    one("copy-text").value = "";
    refresh();
    told.textContent = "Everything is cleared.";
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !one("no-storage").hidden) event.preventDefault();
  });

  restore();
  keep();
  refresh();
})();
