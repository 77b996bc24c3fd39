// One problem as CodeMirror shows it: the message, and each hint on a line of its own.

export function diagnostic({ from, to, severity, message, hints = [] }) {
  return { from, to, severity, message: [message, ...hints].join("\n"), renderMessage: () => render(message, hints) };
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
