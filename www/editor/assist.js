// What helps while typing: completion, and what is said of the word under the pointer. Both are thought out in Rust.
import { autocompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";

export function completion({ onComplete }) {
  if (!onComplete) return [];
  const source = (context) => {
    // Unasked only behind a letter or a dot: a list at every blank would be in the way.
    if (!context.explicit && !context.matchBefore(/[\w.]/)) return null;
    const found = onComplete(context.state.doc.toString(), context.pos);
    // A word that is there already needs no list, which would take the next Enter for itself.
    const typed = context.state.sliceDoc(found?.from ?? context.pos, context.pos);
    if (!found || (!context.explicit && found.options.some(({ label }) => label === typed))) return null;
    return { from: found.from, options: found.options.map((option, at) => ({ ...option, boost: Math.max(99 - at, -99) })) };
  };
  return autocompletion({ override: [source], icons: false });
}

export function hover({ onHover }) {
  if (!onHover) return [];
  return hoverTooltip((view, at) => {
    const found = onHover(view.state.doc.toString(), at);
    if (!found) return null;
    return { pos: found.from, end: found.to, above: true, create: () => ({ dom: render(found) }) };
  });
}

function render({ code, text, waits }) {
  const box = document.createElement("div");
  box.className = "ts-say";
  box.append(line("ts-say-code", code), line("", ...marked(text)));
  if (waits) box.append(line("ts-say-waits", "May wait for ", ...marked(waits)));
  return box;
}

function line(name, ...parts) {
  const element = document.createElement("div");
  element.className = name;
  element.append(...parts);
  return element;
}

// What stands between backticks is code.
function marked(text) {
  return text.split("`").map((part, at) => {
    if (at % 2 === 0) return part;
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
}
