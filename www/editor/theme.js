// The editor's looks. Every colour, font and size is a variable of the page's style sheet, so that one switch of
// theme on the page is a switch here too.
import { EditorView } from "@codemirror/view";

export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ts-text)", backgroundColor: "var(--ts-surface)", fontSize: "var(--ts-size-code)" },
  "&.cm-focused": { outline: "2px solid var(--ts-accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--ts-mono)", lineHeight: "20px", fontVariantNumeric: "tabular-nums" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ts-text)" },
  ".cm-cursor": { borderLeftColor: "var(--ts-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--ts-selection)",
  },
  ".cm-selectionMatch, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--ts-match)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--ts-failed)" },
  ".cm-activeLine": { backgroundColor: "var(--ts-line)" },
  ".cm-gutters": { color: "var(--ts-text-faint)", backgroundColor: "var(--ts-surface)", border: "none" },
  ".cm-activeLineGutter": { color: "var(--ts-text)", backgroundColor: "var(--ts-line)" },
  ".ts-pauses": { width: "20px", textAlign: "center" },
  ".ts-pause": { color: "var(--ts-text-faint)", fontSize: "10px", cursor: "default" },
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
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--ts-failed)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--ts-waiting)" },
  ".cm-diagnostic-info, .cm-diagnostic-hint": { borderLeft: "3px solid var(--ts-accent)" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecorationColor: "var(--ts-failed)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--ts-waiting)" },
  ".cm-lintRange-info, .cm-lintRange-hint": { textDecorationColor: "var(--ts-accent)" },
  ".ts-hint": { color: "var(--ts-text-quiet)", marginTop: "2px" },
  ".cm-panels input, .cm-panels button": { fontFamily: "var(--ts-sans)", fontSize: "var(--ts-size-small)" },
});
