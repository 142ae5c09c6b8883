// Elements from plain values. Text from the wire only ever becomes a text node: there is no innerHTML in this page.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'vars') for (const [key, own] of Object.entries(value)) element.style.setProperty(key, own);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** An HTML element. */
export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);

/** An SVG element. */
export const s = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

/** A colour that is safe to use in a style. */
export const colour = text => (/^#[0-9a-f]{6}$/i.test(text ?? '') ? text : '#8a8f98');

/** A table with a caption for screen readers; columns are [title, cell of a row, class]. */
export function table(caption, columns, rows, onRow) {
  return h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption},
    h('table', {},
      h('caption', {class: 'unseen'}, caption),
      h('thead', {}, h('tr', {}, columns.map(([title, , kind]) => h('th', {scope: 'col', class: kind}, title)))),
      h('tbody', {}, rows.map(row => {
        const line = h('tr', {class: onRow ? 'link' : null}, columns.map(([, cell, kind]) => h('td', {class: kind}, cell(row))));
        if (onRow) {
          line.tabIndex = 0;
          line.addEventListener('click', () => onRow(row, line));
          line.addEventListener('keydown', e => { if (e.key === 'Enter') onRow(row, line); });
        }
        return line;
      }))));
}

/** What to show where there is nothing: why, and what to do. */
export function empty(title, ...advice) {
  return h('section', {class: 'empty'}, h('h2', {}, title), h('ul', {}, advice.filter(Boolean).map(one => h('li', {}, one))));
}
