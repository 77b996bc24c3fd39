// What Rust draws onto the text: classes of words, gutter marks where a task may pause, one lit range.
// Between an edit and Rust's answer to it, everything moves along with the text.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter } from "@codemirror/view";

export const setHighlights = StateEffect.define();
export const setMarks = StateEffect.define();
export const setRange = StateEffect.define();

const nonEmpty = ({ from, to }) => from < to;

function field(effect, build, provide) {
  return StateField.define({
    create: () => RangeSet.empty,
    update(value, transaction) {
      const given = transaction.effects.findLast((each) => each.is(effect));
      if (given) return build(given.value, transaction.newDoc);
      return transaction.docChanged ? value.map(transaction.changes) : value;
    },
    provide,
  });
}

const marksByClass = new Map();
function wordMark(name) {
  if (!marksByClass.has(name)) marksByClass.set(name, Decoration.mark({ class: name }));
  return marksByClass.get(name);
}

const highlights = field(
  setHighlights,
  (items) => Decoration.set(items.filter(nonEmpty).map((it) => wordMark(it.class).range(it.from, it.to)), true),
  (self) => EditorView.decorations.from(self),
);

const litRange = Decoration.mark({ class: "ts-lit" });
const litLine = Decoration.line({ class: "ts-lit-line" });
const lit = field(
  setRange,
  (range, doc) => {
    if (!range) return Decoration.none;
    const line = litLine.range(doc.lineAt(range.from).from);
    return Decoration.set(nonEmpty(range) ? [line, litRange.range(range.from, range.to)] : [line], true);
  },
  (self) => EditorView.decorations.from(self),
);

class Pause extends GutterMarker {
  constructor(kind, title) {
    super();
    this.kind = kind;
    this.title = title;
  }

  eq(other) {
    return this.kind === other.kind && this.title === other.title;
  }

  toDOM() {
    const dot = document.createElement("span");
    dot.className = `ts-pause ts-pause-${this.kind}`;
    if (this.title) {
      dot.title = this.title;
      dot.setAttribute("role", "img");
      dot.setAttribute("aria-label", this.title);
    }
    return dot;
  }
}

// One mark a line: the first kind names it, the titles of all are read out.
function pauses(items, doc) {
  const lines = new Map();
  for (const item of items) {
    const at = doc.lineAt(item.from).from;
    const seen = lines.get(at);
    if (!seen) lines.set(at, { kind: item.kind, titles: item.title ? [item.title] : [] });
    else if (item.title && !seen.titles.includes(item.title)) seen.titles.push(item.title);
  }
  const ranges = [...lines].map(([at, { kind, titles }]) => new Pause(kind, titles.join(", ")).range(at));
  return RangeSet.of(ranges, true);
}

const marks = field(setMarks, pauses);
const pauseGutter = gutter({
  class: "ts-pauses",
  markers: (view) => view.state.field(marks),
  // Keeps the width while marks come and go.
  initialSpacer: () => new Pause("none", ""),
});

export const decorations = [highlights, lit, marks, pauseGutter];
