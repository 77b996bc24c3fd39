// Fetches the editor when the page first needs it. The bundle lies beside the page, wherever the page is served.
export const loadEditor = () => import(new URL("editor.js", document.baseURI).href);
