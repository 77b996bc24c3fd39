// The editor's looks. Every colour, font and size is a variable of the page's style sheet, so that one switch of
// theme on the page is a switch here too.
import { EditorView } from "@codemirror/view";

export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ts-text)", backgroundColor: "var(--ts-surface)", fontSize: "var(--ts-size-code)" },
  // A frame of its own, because the gutter would cover an outline; for a keyboard only, the cursor shows a click.
  "&.cm-focused": { outline: "none" },
  "&.cm-focused:not([data-focus=mouse])::after": {
    content: "''",
    position: "absolute",
    inset: "0",
    zIndex: "201",
    border: "1px solid var(--ts-accent)",
    pointerEvents: "none",
  },
  ".cm-scroller": { fontFamily: "var(--ts-mono)", lineHeight: "20px", fontVariantNumeric: "tabular-nums" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ts-text)" },
  ".cm-cursor": { borderLeftColor: "var(--ts-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--ts-selection)",
  },
  ".cm-selectionMatch, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--ts-match)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--ts-error)" },
  ".cm-activeLine": { backgroundColor: "var(--ts-line)" },
  ".cm-gutters": { color: "var(--ts-text-faint)", backgroundColor: "var(--ts-surface)", border: "none" },
  ".cm-activeLineGutter": { color: "var(--ts-text)", backgroundColor: "var(--ts-line)" },
  ".ts-pauses": { width: "20px", textAlign: "center" },
  // Two bars, drawn: not every font has the character for it.
  ".ts-pause": {
    display: "inline-block",
    width: "2px",
    height: "8px",
    borderStyle: "solid",
    borderColor: "var(--ts-text-faint)",
    borderWidth: "0 2px",
  },
  ".ts-pause-none": { visibility: "hidden" },
  ".ts-lit": { backgroundColor: "var(--ts-lit)", borderRadius: "2px" },
  ".ts-lit-line": { boxShadow: "inset 2px 0 var(--ts-accent)" },
  ".cm-tooltip, .cm-panels": {
    color: "var(--ts-text)",
    backgroundColor: "var(--ts-raised)",
    border: "1px solid var(--ts-border)",
    borderRadius: "4px",
  },
  ".cm-tooltip": { boxShadow: "var(--ts-shadow)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--ts-text)", backgroundColor: "var(--ts-selection)" },
  ".cm-diagnostic": { padding: "4px 8px", fontFamily: "var(--ts-sans)", fontSize: "var(--ts-size-small)" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--ts-error)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--ts-warning)" },
  ".cm-diagnostic-info, .cm-diagnostic-hint": { borderLeft: "3px solid var(--ts-accent)" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecorationColor: "var(--ts-error)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--ts-warning)" },
  ".cm-lintRange-info, .cm-lintRange-hint": { textDecorationColor: "var(--ts-accent)" },
  // Shape as well as colour: a disc, a triangle, a square.
  ".cm-gutter-lint": { width: "16px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker": { width: "8px", height: "8px", margin: "6px auto" },
  ".cm-lint-marker-error, .cm-lint-marker-warning, .cm-lint-marker-info": { content: "normal" },
  ".cm-lint-marker-error": { borderRadius: "4px", backgroundColor: "var(--ts-error)" },
  ".cm-lint-marker-warning": { clipPath: "polygon(50% 0, 100% 100%, 0 100%)", backgroundColor: "var(--ts-warning)" },
  ".cm-lint-marker-info": { backgroundColor: "var(--ts-accent)" },
  ".ts-hint": { color: "var(--ts-text-quiet)", marginTop: "2px" },
  ".cm-panels input, .cm-panels button": { fontFamily: "var(--ts-sans)", fontSize: "var(--ts-size-small)" },
});
