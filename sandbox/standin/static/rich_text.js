// Notes are HTML that others wrote: only what is named here is kept, the rest is text.

const KEPT = new Set(["A", "B", "STRONG", "I", "EM", "BR", "P", "DIV", "UL", "OL", "LI"]);

export function clean(html) {
  const kept = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, "text/html").body, kept);
  return kept;
}

function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE && KEPT.has(node.tagName)) {
      const element = document.createElement(node.tagName);
      if (node.tagName === "A" && /^https?:/.test(node.href)) Object.assign(element, { href: node.href, target: "_blank", rel: "noopener" });
      copy(node, element);
      to.append(element);
    } else if (node.nodeType === Node.ELEMENT_NODE) copy(node, to);
  }
}
