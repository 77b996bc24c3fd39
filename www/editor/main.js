// The editor as the page sees it: `create` makes one and returns the handle that Rust drives.
//
// It knows nothing of the language. Colours of words, problems, gutter marks and completions are computed in Rust and
// handed in. All offsets are UTF-16 code units, as JavaScript counts; Rust counts bytes and converts in one place,
// `ui::editor`. An offset beyond the text is moved to its end, because an answer may be older than the last keystroke.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorSelection, EditorState, Prec } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { completion, hover } from "./assist.js";
import { decorations, setHighlights, setMarks, setRange } from "./decorations.js";
import { diagnostic } from "./diagnostics.js";
import { theme } from "./theme.js";

// Marks a change that the page made itself, so that it is not reported back to the page.
const fromPage = Annotation.define();

/**
 * @typedef {object} Options
 * @property {string} [doc] the text to begin with
 * @property {string} [label] what a screen reader calls the editor
 * @property {boolean} [dark] whether the page is dark
 * @property {boolean} [readOnly] shows the text, with selection and search, without editing
 * @property {(text: string) => void} [onChange] after each edit of the user's
 * @property {(offset: number, line: number) => void} [onCursor] when the cursor moved; lines count from 1
 * @property {() => void} [onRun] on Mod-Enter
 * @property {(code: string) => void} [onExplain] when the user asks what the code of a problem means
 * @property {(text: string, offset: number) => ({from: number, options: {label: string, type?: string, detail?: string,
 *   info?: string}[]} | null)} [onComplete] what may stand at `offset` of `text`, what is likelier first
 * @property {(text: string, offset: number) => ({from: number, to: number, code: string, text: string, waits?: string}
 *   | null)} [onHover] what there is to say about the word at `offset` of `text`
 */

/** Makes an editor inside `parent`. @param {Element} parent @param {Options} [options] */
export function create(parent, options = {}) {
  const dark = new Compartment();
  const darkness = (on) => EditorView.darkTheme.of(Boolean(on));
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.doc ?? "",
      extensions: [
        keys(options),
        dark.of(darkness(options.dark)),
        EditorState.readOnly.of(Boolean(options.readOnly)),
        EditorView.contentAttributes.of({ "aria-label": options.label ?? "Scenario" }),
        EditorView.updateListener.of((update) => report(update, options)),
        completion(options),
        hover(options),
        behaviour,
        theme,
      ],
    }),
  });
  // An editable always counts as focused by keyboard, so the frame's rule needs to be told of a mouse.
  view.contentDOM.addEventListener("mousedown", () => (view.dom.dataset.focus = "mouse"));
  view.contentDOM.addEventListener("blur", () => delete view.dom.dataset.focus);
  return handle(view, options, (on) => dark.reconfigure(darkness(on)));
}

const behaviour = [
  decorations, // its gutter comes first, so that a pause stands left of its line number
  lineNumbers(),
  lintGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  drawSelection(),
  history(),
  bracketMatching(),
  closeBrackets(),
  indentUnit.of("  "),
  EditorState.languageData.of(() => [
    { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
  ]),
];

// Tab is left to the browser, so that the keyboard is not caught in the editor; Escape leaves it.
function keys(options) {
  const run = () => {
    options.onRun?.();
    return Boolean(options.onRun);
  };
  const leave = (view) => {
    view.contentDOM.blur();
    return true;
  };
  return [
    Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...lintKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      { key: "Escape", run: leave },
    ]),
  ];
}

function report(update, { onChange, onCursor }) {
  const own = update.transactions.some((transaction) => transaction.annotation(fromPage));
  if (own) return;
  if (update.docChanged) onChange?.(update.state.doc.toString());
  if (update.selectionSet || update.docChanged) {
    const offset = update.state.selection.main.head;
    onCursor?.(offset, update.state.doc.lineAt(offset).number);
  }
}

function handle(view, { onExplain }, darkness) {
  const clamp = (offset) => Math.max(0, Math.min(offset, view.state.doc.length));
  const inside = (items) =>
    items.map((item) => ({ ...item, from: clamp(item.from), to: clamp(item.to ?? item.from) }));
  const apply = (spec) => view.dispatch({ annotations: fromPage.of(true), ...spec });

  return {
    /** The text as it stands. */
    text: () => view.state.doc.toString(),

    /** Replaces the text as one step that the user can undo. Keeps the cursor where text around it is the same. */
    setDoc(text) {
      const before = view.state.doc.toString();
      const changes = blanks(before, text) ?? difference(before, text);
      if (changes.length) apply({ changes, annotations: [fromPage.of(true), isolateHistory.of("full")] });
    },

    /** Shows problems: `{from, to, severity: "error" | "warning" | "info" | "hint", code?, message, hints?: string[]}`. */
    setDiagnostics(items) {
      apply(setDiagnostics(view.state, inside(items).map((item) => diagnostic(item, onExplain))));
    },

    /** Gives words their classes: `{from, to, class}`, none of them overlapping. */
    setHighlights: (items) => apply({ effects: setHighlights.of(inside(items)) }),

    /** Marks lines in the gutter where a task may pause: `{from, kind, title?}`. */
    setMarks: (items) => apply({ effects: setMarks.of(inside(items)) }),

    /** Lights up a stretch of text, with its line; nothing when called without arguments. */
    highlightRange(from, to) {
      const range = from == null ? null : { from: clamp(from), to: clamp(to ?? from) };
      apply({ effects: setRange.of(range) });
    },

    /** Selects a stretch of text and brings it into view. */
    select(from, to) {
      const selection = EditorSelection.single(clamp(from), clamp(to ?? from));
      apply({ selection, effects: EditorView.scrollIntoView(selection.main, { y: "center" }) });
    },

    /** Brings a place into view without touching the selection. */
    reveal: (from) => apply({ effects: EditorView.scrollIntoView(clamp(from), { y: "nearest", yMargin: 40 }) }),

    setDark: (on) => apply({ effects: darkness(on) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

// What was laid out anew differs in blanks alone: then each blank is a change of its own, and the cursor keeps its place.
function blanks(before, after) {
  const run = /\s*/y;
  const blankAt = (text, at) => {
    run.lastIndex = at;
    return run.exec(text)[0];
  };
  const changes = [];
  for (let from = 0, to = 0; ; from += 1, to += 1) {
    const [old, fresh] = [blankAt(before, from), blankAt(after, to)];
    if (old !== fresh) changes.push({ from, to: from + old.length, insert: fresh });
    [from, to] = [from + old.length, to + fresh.length];
    if (from === before.length && to === after.length) return changes;
    if (before[from] !== after[to]) return null;
  }
}

// The one change between what two texts begin and end with alike. Surrogate pairs may be cut: the pieces join again.
function difference(before, after) {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return [{ from: start, to: before.length - end, insert: after.slice(start, after.length - end) }];
}
