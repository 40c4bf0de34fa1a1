// The editor: keys, a program for each language kept in this tab, runs, and a new page when a file of the package changes.
"use strict";

const desk = document.querySelector(".desk");
const source = document.querySelector("#source");
const language = document.querySelector("#language");
const results = document.querySelector("#results");
const buttons = document.querySelectorAll("#samples, #all");
const INDENT = "    ";
let leaving = false; // after Escape, Tab moves on
let running = false;

const key = (name) => `judge:${desk.dataset.slug}:${name}`;
const starter = () => JSON.parse(desk.dataset.starters)[language.value] || "";
const keep = () => sessionStorage.setItem(key(language.value), source.value);

function open() {
  const kept = sessionStorage.getItem(key(language.value));
  source.value = kept === null ? starter() : kept;
  sessionStorage.setItem(key("language"), language.value);
}

function type(words) {
  // Unlike an assignment this can be undone.
  if (!document.execCommand("insertText", false, words)) source.setRangeText(words, source.selectionStart, source.selectionEnd, "end");
  keep();
}

function lineStart() {
  return source.value.lastIndexOf("\n", source.selectionStart - 1) + 1;
}

function shift(back) {
  const from = lineStart();
  const to = source.selectionEnd;
  const lines = source.value.slice(from, to).split("\n");
  const moved = lines.map((line) => (back ? line.replace(/^( {1,4}|\t)/, "") : INDENT + line)).join("\n");
  source.setSelectionRange(from, to);
  type(moved);
  source.setSelectionRange(from, from + moved.length);
}

function newLine() {
  const before = source.value.slice(lineStart(), source.selectionStart);
  const deeper = /[:{([]\s*$/.test(before) ? INDENT : "";
  type("\n" + before.match(/^\s*/)[0] + deeper);
}

function press(event) {
  const many = source.value.slice(source.selectionStart, source.selectionEnd).includes("\n");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run(event.shiftKey ? "all" : "samples");
  else if (event.key === "Escape") { leaving = true; return; }
  else if (event.key === "Tab" && !leaving) { if (event.shiftKey || many) shift(event.shiftKey); else type(INDENT); }
  else if (event.key === "Enter" && !event.isComposing && !event.altKey) newLine();
  else { leaving = leaving && ["Tab", "Shift"].includes(event.key); return; }
  event.preventDefault();
}

async function run(tests) {
  if (running || document.querySelector("#" + tests).disabled) return;
  running = true;
  buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
  results.textContent = tests === "all" ? "Running all tests …" : "Running the samples …";
  try {
    const body = JSON.stringify({ language: language.value, source: source.value, tests });
    const answer = await fetch("run", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const made = await answer.text(); // escaped by the server; the policy runs no script in it
    if (answer.ok) results.innerHTML = made;
    else results.textContent = made;
    sessionStorage.setItem(key("results"), results.innerHTML);
  } catch (error) {
    results.textContent = `The server does not answer: ${error.message}`;
  } finally {
    running = false;
    buttons.forEach((button) => button.removeAttribute("aria-disabled"));
  }
}

async function watch() {
  try {
    const answer = await fetch("version");
    if (answer.ok && (await answer.text()) !== document.body.dataset.version && !running) location.reload();
  } catch {
    // it was stopped; it may come back
  }
  setTimeout(watch, 1000);
}

if (source) {
  const chosen = sessionStorage.getItem(key("language"));
  if ([...language.options].some((option) => option.value === chosen)) language.value = chosen;
  open();
  results.innerHTML = sessionStorage.getItem(key("results")) || "";
  language.addEventListener("change", open);
  source.addEventListener("input", keep);
  source.addEventListener("keydown", press);
  source.addEventListener("blur", () => { leaving = false; });
  document.querySelector("#again").addEventListener("click", () => { source.value = starter(); keep(); });
  buttons.forEach((button) => button.addEventListener("click", () => run(button.id)));
}
watch();
