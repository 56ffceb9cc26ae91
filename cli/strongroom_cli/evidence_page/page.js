// What the person sees. Text out of bundles goes into the page as text, never as markup.

const element = (id) => document.getElementById(id);
let latest = 0;

/** A node with children and text in it; what cannot be seen, or turns the reading order around, is made to be seen. */
function node(name, text, ...children) {
  const made = document.createElement(name);
  made.append(text.replaceAll(/\p{C}|\p{Zl}|\p{Zp}/gu, '\u{fffd}'), ...children);
  return made;
}

/** Judge what is picked now; an answer about what was picked before is never shown, nor does one stay. */
async function verify() {
  const [[bundle], [trust]] = [element('bundle').files, element('trust').files];
  latest += 1;
  const mine = latest;
  clear(bundle ? `Reading ${bundle.name} …` : 'No bundle has been picked yet.');
  if (!bundle) return;
  const found = await Promise.all([bundle, trust].map(bytesOf)).then(
    (contents) => judge(...contents),
    () => verdict(2, 'Unreadable', 'A file has changed since it was picked. Pick it again.'),
  );
  if (mine === latest) show(found, bundle.name);
}

const bytesOf = async (file) => (file ? new Uint8Array(await file.arrayBuffer()) : null);

function clear(sentence) {
  delete element('verdict').dataset.code;
  element('verdict').replaceChildren(node('p', sentence));
  element('report').replaceChildren();
}

function show({ code, title, sentence, groups }, name) {
  element('verdict').dataset.code = code;
  element('verdict').replaceChildren(
    node('h2', `${title} (code ${code})`), node('p', sentence), node('p', `File: ${name}`),
  );
  element('report').replaceChildren(...groups.map(section));
}

function section({ title, note, rows }) {
  const list = node('dl', '', ...rows.map(([term, text]) => node('div', '', node('dt', term), node('dd', text))));
  return node('section', '', node('h2', title), node('p', note), list);
}

for (const id of ['bundle', 'trust']) {
  element(id).addEventListener('change', verify);
  // A browser does not tell that the same file was picked again, which may say something else by now.
  element(id).addEventListener('click', () => {
    element(id).value = '';
    verify();
  });
}
