// One problem as CodeMirror shows it: the message, each hint on a line of its own, and a way to what its code means.

export function diagnostic({ from, to, severity, code, message, hints = [] }, onExplain) {
  const actions = code && onExplain ? [{ name: `What is ${code}?`, apply: () => onExplain(code) }] : [];
  return {
    from,
    to,
    severity,
    message: [message, ...hints].join("\n"),
    actions,
    renderMessage: () => render(message, hints),
  };
}

function render(message, hints) {
  const box = document.createElement("div");
  box.append(paragraph("ts-problem", message), ...hints.map((hint) => paragraph("ts-hint", hint)));
  return box;
}

function paragraph(name, text) {
  const line = document.createElement("div");
  line.className = name;
  line.textContent = text;
  return line;
}
